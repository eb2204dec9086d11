import type { PhotoSize } from '@grammyjs/types';
import sharp from 'sharp';
import { badRequest } from './errors.ts';
import { type Files, fileFields } from './files.ts';
import type { StoredFile } from './model.ts';

const photoBytesMax = 10 * 1024 * 1024;
const sidesMax = 10_000;
const ratioMax = 20;
/** The long sides in which Telegram keeps a picture, as far as it is larger than they are. */
const longSides = [90, 320, 800, 1280];

/** Keeps a picture as Telegram does, as JPEG in several sizes, the largest last. */
export async function storePhoto(files: Files, bytes: Buffer): Promise<PhotoSize[]> {
  if (bytes.length > photoBytesMax) {
    throw badRequest(`file of size ${bytes.length} bytes is too big for a photo; the maximum size is 10485760 bytes`);
  }
  const { width, height } = await dimensions(bytes);
  if (width + height > sidesMax || Math.max(width / height, height / width) > ratioMax) {
    throw badRequest('PHOTO_INVALID_DIMENSIONS');
  }
  const long = Math.max(width, height);
  const wanted = [...longSides.filter((side) => side < long), Math.min(long, longSides.at(-1) ?? long)];
  const sizes: PhotoSize[] = [];
  for (const side of new Set(wanted)) sizes.push(asPhotoSize(await storeSize(files, bytes, side)));
  return sizes;
}

async function dimensions(bytes: Buffer): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(bytes).metadata();
    return autoOrient;
  } catch {
    throw badRequest('IMAGE_PROCESS_FAILED');
  }
}

async function storeSize(files: Files, bytes: Buffer, side: number): Promise<StoredFile> {
  const { data, info } = await sharp(bytes)
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 87 })
    .toBuffer({ resolveWithObject: true });
  return files.put({
    kind: 'photo',
    bytes: data,
    mime: 'image/jpeg',
    extension: 'jpg',
    width: info.width,
    height: info.height,
  });
}

/** A kept size of a picture as messages show it. */
export function asPhotoSize(file: StoredFile): PhotoSize {
  return { ...fileFields(file), width: file.width ?? 0, height: file.height ?? 0 };
}
