import { stat } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import { limits } from '../core/limits.ts';

/** A picture that was decoded once and written anew: no metadata, no second file hidden in it. */
export interface CleanPicture {
  readonly path: string;
  readonly mime: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** Why a file is no picture that we keep; the codes are those of the API. */
export type PictureFault =
  'image_unreadable' | 'file_type_not_allowed' | 'image_too_many_frames' | 'image_too_many_pixels' | 'storage_full';

/** A file that is not kept; `detail` says what was wrong with it, where there is more to say than the code. */
export class PictureError extends Error {
  readonly code: PictureFault;
  readonly detail: string | undefined;

  constructor(code: PictureFault, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(detail ?? code, { cause });
    this.name = 'PictureError';
    this.code = code;
    this.detail = detail;
  }
}

const formats = { 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/webp': 'webp' } as const;
type Mime = keyof typeof formats;

/**
 * Judges a file by its first bytes, then by what its header says about pixels and frames, and only then decodes it
 * (U2, U3). The clean copy is `<path>.clean`, upright, in the format it came in, without EXIF (U5).
 */
export async function cleanPicture(path: string): Promise<CleanPicture> {
  if ((await stat(path)).size === 0) throw new PictureError('image_unreadable', { detail: 'The file is empty.' });
  const mime = await typeOf(path);
  await checkHeader(path);
  const clean = `${path}.clean`;
  const written = await decoded(
    sharp(path, { limitInputPixels: limits.imagePixelsMax, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .toFormat(formats[mime], mime === 'image/png' ? {} : { quality: 92 })
      .toFile(clean),
  );
  return { path: clean, mime, width: written.width, height: written.height, bytes: written.size };
}

async function typeOf(path: string): Promise<Mime> {
  const found = await fileTypeFromFile(path);
  if (found !== undefined && Object.hasOwn(formats, found.mime)) return found.mime as Mime;
  throw new PictureError('file_type_not_allowed', { detail: 'PNG, JPEG and WebP are accepted.' });
}

async function checkHeader(path: string): Promise<void> {
  const header = await decoded(sharp(path, { limitInputPixels: false }).metadata());
  const { width, height, pages = 1 } = header;
  if (pages > limits.imageFramesMax) throw new PictureError('image_too_many_frames');
  if (width * height > limits.imagePixelsMax) {
    throw new PictureError('image_too_many_pixels', {
      detail: `The picture has ${width} x ${height} pixels; at most ${limits.imagePixelsMax} are accepted.`,
    });
  }
}

async function decoded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Error && /no space left|ENOSPC/i.test(cause.message))
      throw new PictureError('storage_full', { cause });
    throw new PictureError('image_unreadable', { cause });
  }
}
