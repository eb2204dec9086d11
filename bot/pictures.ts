import type { Message } from '@grammyjs/types';
import sharp from 'sharp';
import type { Chats } from '../db/chats.ts';
import type { GenerationResult } from '../db/generations.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { TelegramFile } from '../providers/telegram/methods.ts';

export interface PictureDeps {
  readonly botId: number;
  readonly chats: Pick<Chats, 'fileId' | 'keepFileId' | 'forgetFileId'>;
  readonly blobs: Pick<Blobs, 'read'>;
}

export type StoredPicture = Pick<GenerationResult, 'blobKey' | 'mime'>;

export interface Pictures {
  /** What to give to Telegram: the id of an earlier upload, else the bytes; undefined when the store has none. */
  photo(picture: StoredPicture): Promise<string | TelegramFile | undefined>;
  /** Keeps the id under which Telegram has the picture now. */
  remember(picture: StoredPicture, message: Message | true): Promise<void>;
  /** Telegram does not take the id any more. */
  forget(picture: StoredPicture): Promise<void>;
}

/** Telegram takes a photo of up to 10 MB, with width and height of 10,000 together. */
const photoBytesMax = 9_500_000;
const photoSidesMax = 10_000;
const shrunkSide = 2_560;

/** Pictures out of our store as photos of a chat: uploaded once, sent by their id from then on. */
export function createPictures({ botId, chats, blobs }: PictureDeps): Pictures {
  return {
    async photo({ blobKey, mime }) {
      const fileId = await chats.fileId(botId, blobKey);
      if (fileId !== undefined) return fileId;
      const bytes = await blobs.read(blobKey);
      return bytes === undefined ? undefined : fitting(bytes, mime);
    },
    async remember({ blobKey }, message) {
      const largest = message === true ? undefined : message.photo?.at(-1);
      if (largest !== undefined) await chats.keepFileId(botId, blobKey, largest.file_id);
    },
    forget: ({ blobKey }) => chats.forgetFileId(botId, blobKey),
  };
}

/** What Telegram would not take as a photo is made smaller; the original is to be had as a file. */
async function fitting(bytes: Buffer, mime: string): Promise<TelegramFile> {
  const { width, height } = await sharp(bytes).metadata();
  const subtype = mime.split('/')[1] ?? 'jpeg';
  if (bytes.byteLength <= photoBytesMax && width + height <= photoSidesMax) {
    return { fileName: `picture.${subtype}`, mime, bytes };
  }
  const shrunk = await sharp(bytes)
    .resize(shrunkSide, shrunkSide, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 90 })
    .toBuffer();
  return { fileName: 'picture.jpeg', mime: 'image/jpeg', bytes: shrunk };
}
