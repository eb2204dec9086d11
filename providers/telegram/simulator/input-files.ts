import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { BotApiError, badRequest } from './errors.ts';
import { asPhotoSize, storePhoto } from './photos.ts';
import { type Files, fileFields, stickerFields } from './files.ts';
import type { StickerFacts, StoredFile } from './model.ts';
import type { Parameters, Upload } from './parameters.ts';

/** The kinds of files that a message may hold. */
export type MediaKind = StoredFile['kind'];

/** What a message says of its file, under the name of its kind. */
export type MediaFields = Readonly<Record<string, unknown>>;

export interface InputFiles {
  /** The file that a parameter names: sent along, by `attach://`, by `file_id` or by an address. */
  read(parameters: Parameters, name: string, kind: MediaKind): Promise<MediaFields>;
  /** The like for a value out of a JSON object. */
  resolve(parameters: Parameters, value: unknown, wish: Wish): Promise<MediaFields>;
  /** A file that a person sends. */
  keep(upload: Upload, kind: MediaKind): Promise<MediaFields>;
}

interface Wish {
  readonly kind: MediaKind;
  /** Duration, width and height, where they are said. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

const uploadBytesMax = 50 * 1024 * 1024;
const urlBytesMax = { photo: 5 * 1024 * 1024, other: 20 * 1024 * 1024 };
const urlWaitMs = 10_000;

/** Finds the bytes behind every way in which the Bot API takes a file. */
export function createInputFiles(files: Files): InputFiles {
  async function keep(upload: Upload, kind: MediaKind, facts: Wish['facts'] = {}): Promise<MediaFields> {
    if (upload.bytes.length === 0) throw badRequest('file must be non-empty');
    if (upload.bytes.length > uploadBytesMax) throw new BotApiError(413, 'Request Entity Too Large');
    if (kind === 'photo') return { photo: await storePhoto(files, upload.bytes) };
    if (kind === 'sticker') return (await keepSticker(files, upload)) ?? keep(upload, 'document', facts);
    const stored = await files.put({
      kind,
      bytes: upload.bytes,
      mime: upload.mime,
      extension: extname(upload.fileName).slice(1).replaceAll(/\W/g, '') || 'bin',
      fileName: upload.fileName,
      ...sizeOf(facts),
    });
    return fieldsOf(stored, facts);
  }

  async function resolve(parameters: Parameters, value: unknown, { kind, facts }: Wish): Promise<MediaFields> {
    if (typeof value !== 'string' || value === '') throw badRequest(`there is no ${kind} in the request`);
    if (value.startsWith('attach://')) {
      const upload = parameters.upload(value.slice('attach://'.length));
      if (!upload) throw badRequest('wrong file identifier/HTTP URL specified');
      return keep(upload, kind, facts);
    }
    if (/^https?:\/\//i.test(value)) return keep(await fetchFile(value, kind), kind, facts);
    return known(files, value, kind);
  }

  return {
    keep,
    resolve,
    read(parameters, name, kind) {
      const upload = parameters.upload(name);
      const facts = Object.fromEntries(
        ['duration', 'width', 'height'].map((fact) => [fact, parameters.integer(fact)] as const),
      );
      if (upload) return keep(upload, kind, facts);
      return resolve(parameters, parameters.text(name), { kind, facts });
    },
  };
}

/** A file that was sent before, in the same form; another kind's identifier is refused. */
function known(files: Files, fileId: string, kind: MediaKind): MediaFields {
  const file = files.find(fileId);
  if (!file) {
    const why = /^[\w-]{20,}$/.test(fileId) ? "can't unserialize it" : 'Wrong padding in the string';
    throw badRequest(`wrong remote file identifier specified: ${why}`);
  }
  const named = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  if (file.kind !== kind) throw badRequest(`can't use file of type ${named(file.kind)} as ${named(kind)}`);
  return kind === 'photo' ? { photo: [asPhotoSize(file)] } : fieldsOf(file, {});
}

function fieldsOf(file: StoredFile, facts: Readonly<Record<string, unknown>>): MediaFields {
  if (file.kind === 'sticker') return { sticker: stickerFields(file) };
  const timed = file.kind === 'video' || file.kind === 'animation' || file.kind === 'audio';
  const sized = file.kind === 'video' || file.kind === 'animation';
  const fields = {
    ...fileFields(file),
    ...(file.fileName === undefined ? {} : { file_name: file.fileName }),
    mime_type: file.mime,
    ...(timed ? { duration: Number(facts['duration'] ?? 0) } : {}),
    ...(sized ? { width: file.width ?? 320, height: file.height ?? 320 } : {}),
  };
  // An animation is shown as a document to clients that know none.
  return file.kind === 'animation' ? { animation: fields, document: fields } : { [file.kind]: fields };
}

const stickerForms: Readonly<Record<string, StickerFacts['form']>> = { webp: 'static', gz: 'animated', webm: 'video' };

/** Keeps a sticker: WEBP, TGS (a packed animation) or WEBM; whatever else is a plain file to Telegram. */
async function keepSticker(files: Files, { bytes }: Upload): Promise<MediaFields | undefined> {
  const type = await fileTypeFromBuffer(bytes);
  const form = stickerForms[type?.ext ?? ''];
  if (!type || form === undefined) return undefined;
  const { width = 512, height = 512 } = form === 'static' ? await sharp(bytes).metadata() : {};
  const extension = form === 'animated' ? 'tgs' : type.ext;
  const mime = form === 'animated' ? 'application/x-tgsticker' : type.mime;
  return fieldsOf(await files.put({ kind: 'sticker', bytes, mime, extension, width, height, sticker: { form } }), {});
}

function sizeOf(facts: Readonly<Record<string, unknown>>): { width?: number; height?: number } {
  const { width, height } = facts;
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : {};
}

async function fetchFile(url: string, kind: MediaKind): Promise<Upload> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(urlWaitMs) }).catch(() => undefined);
  if (!answer?.ok) throw badRequest('failed to get HTTP URL content');
  const mime = answer.headers.get('content-type')?.split(';', 1)[0] ?? '';
  if (mime === 'text/html') throw badRequest('wrong type of the web page content');
  const bytes = await readCapped(answer, kind === 'photo' ? urlBytesMax.photo : urlBytesMax.other);
  return { fileName: new URL(url).pathname.split('/').at(-1) || 'file', mime, bytes };
}

async function readCapped(answer: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > bytesMax) throw badRequest('failed to get HTTP URL content');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
