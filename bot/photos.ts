import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { limits } from '../core/limits.ts';
import { type CleanPicture, cleanPicture, PictureError } from '../platform/pictures.ts';
import { createTurns } from '../platform/turns.ts';
import type { BotDeps } from './deps.ts';
import type { IncomingPhoto } from './incoming.ts';

export type KeptPhoto =
  | { readonly ok: true; readonly imageId: string }
  | { readonly ok: false; readonly code: 'too-big' | 'unreadable' | 'quota' | 'not-fetched' };

/** Decoding takes memory by the pixel. */
const decodedAtOnceMax = 2;

/** Photos out of a chat, kept in the same store and by the same rules as those that are uploaded to the API. */
export function createPhotos({ telegram, images, blobs, uploadsFolder, logger }: BotDeps) {
  const decoding = createTurns({ atOnceMax: decodedAtOnceMax });

  /** Stores bytes as one of a person's pictures. */
  async function keepBytes(userId: string, bytes: Uint8Array): Promise<KeptPhoto> {
    const path = join(uploadsFolder, randomUUID());
    await mkdir(uploadsFolder, { recursive: true });
    try {
      await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
      const clean = await decoding.run(() => cleanPicture(path));
      return await insert(userId, clean, await blobs.putFile(clean.path));
    } catch (error) {
      if (!(error instanceof PictureError) || error.code === 'storage_full') throw error;
      logger.info({ code: error.code }, 'a photo was not kept');
      return { ok: false, code: 'unreadable' };
    } finally {
      await rm(path, { force: true });
      await rm(`${path}.clean`, { force: true });
    }
  }

  async function insert(userId: string, clean: CleanPicture, blobKey: string): Promise<KeptPhoto> {
    const { mime, width, height, bytes } = clean;
    const { imageLifetimeHours: lifetimeHours, imagesPerUserMax } = limits;
    const row = { id: uuidv7(), userId, blobKey, mime, width, height, bytes, lifetimeHours, imagesPerUserMax };
    const stored = await images.insert(row);
    return stored === null ? { ok: false, code: 'quota' } : { ok: true, imageId: stored.id };
  }

  return {
    atOnceMax: limits.imagesPerGenerationMax,
    keepBytes,

    /** Fetches a photo from Telegram and keeps it for a day. */
    async keep(userId: string, photo: IncomingPhoto): Promise<KeptPhoto> {
      if ((photo.bytes ?? 0) > limits.imageBytesMax) return { ok: false, code: 'too-big' };
      if ((await images.count(userId)) >= limits.imagesPerUserMax) return { ok: false, code: 'quota' };
      const found = await telegram.call('getFile', { file_id: photo.fileId });
      const path = found.outcome === 'done' ? found.value.file_path : undefined;
      if (path === undefined) return { ok: false, code: 'not-fetched' };
      const fetched = await telegram.download(path);
      if (fetched.outcome !== 'done') return { ok: false, code: 'not-fetched' };
      if (fetched.value.byteLength > limits.imageBytesMax) return { ok: false, code: 'too-big' };
      return keepBytes(userId, fetched.value);
    },
  };
}
