import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection } from '../../simulator-store.ts';

export interface StoredFile {
  readonly fileId: string;
  readonly filePath: string;
  readonly fileName: string;
  readonly mimeType: string;
  readonly fileSize: number;
  readonly uploadedAtMs: number;
}

export interface Files {
  put(file: Omit<StoredFile, 'fileId' | 'fileSize'>, bytes: Buffer): Promise<StoredFile>;
  find(filePath: string): StoredFile | undefined;
  read(file: StoredFile): Promise<Buffer | undefined>;
  clear(): void;
}

/** Uploaded files: descriptions in the simulator's store, bytes beside its file, or in memory where it has none. */
export function createStoredFiles(described: Collection<StoredFile>, folder: string | undefined): Files {
  const inMemory = new Map<string, Buffer>();
  return {
    async put(file, bytes) {
      // One path holds one file: the same name overwrites, as at kie.ai.
      const fileId = createHash('sha256').update(file.filePath).digest('hex');
      const stored: StoredFile = { ...file, fileId, fileSize: bytes.length };
      if (folder === undefined) inMemory.set(fileId, bytes);
      else {
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, fileId), bytes);
      }
      described.put(file.filePath, stored);
      return stored;
    },
    find: (filePath) => described.get(filePath),
    async read(file) {
      if (folder === undefined) return inMemory.get(file.fileId);
      return readFile(join(folder, file.fileId)).catch(() => undefined);
    },
    clear() {
      inMemory.clear();
      if (folder !== undefined) void rm(folder, { recursive: true, force: true });
    },
  };
}
