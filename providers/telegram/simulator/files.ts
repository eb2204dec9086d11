import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badRequest } from './errors.ts';
import type { Sticker } from '@grammyjs/types';
import { type Collections, nextNumber, type StickerFacts, type StoredFile } from './model.ts';

export interface NewFile {
  readonly kind: StoredFile['kind'];
  readonly bytes: Buffer;
  readonly mime: string;
  readonly extension: string;
  readonly fileName?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sticker?: StickerFacts;
}

export interface Files {
  /** Keeps a file; it is on disk when this resolves. */
  put(file: NewFile): Promise<StoredFile>;
  find(fileId: string): StoredFile | undefined;
  findByPath(filePath: string): StoredFile | undefined;
  read(file: StoredFile): Promise<Buffer | undefined>;
  clear(): void;
}

const prefixes: Readonly<Record<StoredFile['kind'], string>> = {
  photo: 'AgACAgIAAxkB',
  video: 'BAACAgIAAxkB',
  document: 'BQACAgIAAxkB',
  animation: 'CgACAgIAAxkB',
  audio: 'CQACAgIAAxkB',
  sticker: 'CAACAgIAAxkB',
};
const folders: Readonly<Record<StoredFile['kind'], string>> = {
  photo: 'photos',
  video: 'videos',
  document: 'documents',
  animation: 'animations',
  audio: 'music',
  sticker: 'stickers',
};

/** Files by `file_id`: their facts in the store, their bytes beside its file, or in memory where it has none. */
export function createFiles(collections: Collections, folder: string | undefined): Files {
  const { files, counters } = collections;
  const inMemory = new Map<string, Buffer>();
  const find = (fileId: string) => files.get(fileId);
  return {
    async put({ bytes, ...file }) {
      const uniqueId = createHash('sha256').update(bytes).update(file.kind).digest('base64url').slice(0, 15);
      const fileId = `${prefixes[file.kind]}${randomBytes(42).toString('base64url')}`;
      const filePath = `${folders[file.kind]}/file_${nextNumber(counters, 'file', 0)}.${file.extension}`;
      if (folder === undefined) inMemory.set(uniqueId, bytes);
      else {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, uniqueId), bytes);
      }
      const { extension: _extension, ...facts } = file;
      const stored: StoredFile = { ...facts, fileId, uniqueId, filePath, size: bytes.length };
      files.put(fileId, stored);
      return stored;
    },
    find,
    findByPath: (filePath) => [...files.values()].find((file) => file.filePath === filePath),
    async read({ uniqueId }) {
      if (folder === undefined) return inMemory.get(uniqueId);
      return readFile(join(folder, uniqueId)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      });
    },
    clear() {
      inMemory.clear();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const downloadBytesMax = 20 * 1024 * 1024;

/** The answer of `getFile`; 20 MB at most can be fetched. */
export function describeFile(files: Files, fileId: string | undefined) {
  if (fileId === undefined || fileId === '') throw badRequest('file_id not specified');
  const file = files.find(fileId);
  if (!file) throw badRequest('wrong file_id or the file is temporarily unavailable');
  if (file.size > downloadBytesMax) throw badRequest('file is too big');
  return { ...fileFields(file), file_path: file.filePath };
}

/** How every object that is a file begins. */
export function fileFields(file: StoredFile) {
  return { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.size };
}

/** A sticker as messages and sets show it. */
export function stickerFields(file: StoredFile): Sticker {
  const { form, emoji, setName } = file.sticker ?? { form: 'static' };
  return {
    width: file.width ?? 512,
    height: file.height ?? 512,
    ...(emoji === undefined ? {} : { emoji }),
    ...(setName === undefined ? {} : { set_name: setName }),
    is_animated: form === 'animated',
    is_video: form === 'video',
    type: 'regular',
    ...fileFields(file),
  };
}
