import { rm } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { uploadImage } from '../../core/http/shop.ts';
import { limits } from '../../core/limits.ts';
import type { Images } from '../../db/images.ts';
import type { Blobs } from '../../platform/blobs.ts';
import { cleanPicture, type CleanPicture, PictureError } from '../../platform/pictures.ts';
import { createTurns } from '../../platform/turns.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { receiveFile } from '../uploads/receive.ts';

export interface ImageDeps {
  readonly images: Images;
  readonly blobs: Blobs;
  /** Where a file is while it arrives. */
  readonly uploadsFolder: string;
}

const deadlineMs = 60_000;
/** Decoding takes memory by the pixel: two at a time bound it. */
const decodedAtOnceMax = 2;

/** Uploading pictures to work on. */
export function imageRoutes({ images, blobs, uploadsFolder }: ImageDeps): Route[] {
  const decoding = createTurns({ atOnceMax: decodedAtOnceMax });
  const quota = new Problem('image_quota_exceeded', { detail: `At most ${limits.imagesPerUserMax} are kept.` });

  async function keep(userId: string, uploaded: string) {
    const clean = await decoding.run(() => cleaned(uploaded));
    const { mime, width, height, bytes } = clean;
    const blobKey = await blobs.putFile(clean.path);
    const stored = await images.insert({
      id: uuidv7(),
      userId,
      blobKey,
      mime,
      width,
      height,
      bytes,
      lifetimeHours: limits.imageLifetimeHours,
      imagesPerUserMax: limits.imagesPerUserMax,
    });
    if (stored === null) throw quota;
    const { id, expiresAt } = stored;
    return { body: { image: { id, width, height, bytes, mime, expiresAt } } };
  }

  return [
    route(uploadImage, async ({ ctx, person }) => {
      if ((await images.count(person.id)) >= limits.imagesPerUserMax) throw quota;
      return receiveFile(ctx.req, { folder: uploadsFolder, deadlineMs }, async (path) => {
        try {
          return await keep(person.id, path);
        } finally {
          await rm(`${path}.clean`, { force: true });
        }
      });
    }),
  ];
}

async function cleaned(path: string): Promise<CleanPicture> {
  try {
    return await cleanPicture(path);
  } catch (cause) {
    if (!(cause instanceof PictureError)) throw cause;
    throw new Problem(cause.code, { cause, ...(cause.detail === undefined ? {} : { detail: cause.detail }) });
  }
}
