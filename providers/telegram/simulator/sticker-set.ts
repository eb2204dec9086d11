import type { Sticker } from '@grammyjs/types';
import sharp from 'sharp';
import { badRequest } from './errors.ts';
import { type Files, stickerFields } from './files.ts';
import type { Methods } from './method.ts';
import type { Collections, StoredFile } from './model.ts';

/** The one set that there is; its stickers are drawn when somebody first asks. */
const set = { name: 'SimulatedTelegram', title: 'Simulated Telegram' };
const side = 512;
const drawings: Readonly<Record<string, string>> = {
  '❤️': '<path d="M256 448C64 320 48 208 96 144s128-48 160 16c32-64 112-80 160-16s32 176-160 304z" fill="#e5484d"/>',
  '⭐': '<path d="M256 48l63 137 149 17-110 102 30 148-132-74-132 74 30-148L44 202l149-17z" fill="#f5b301"/>',
  '💎': '<path d="M128 96h256l80 112-208 224L48 208z" fill="#3b9eff"/>',
  '🎁': '<path d="M80 208h352v224H80z" fill="#8e4ec6"/><path d="M64 144h384v80H64z" fill="#f76b15"/>',
};

export interface StickerSet {
  readonly methods: Methods;
  all(): Promise<Sticker[]>;
  /** The sticker of an emoji, or none. */
  find(emoji: string): Promise<Sticker | undefined>;
}

/** The simulator's own stickers: people send them, and gifts look like them. */
export function createStickerSet({ files: stored }: Collections, files: Files): StickerSet {
  let drawing: Promise<StoredFile[]> | undefined;
  const known = () => [...stored.values()].filter(({ sticker }) => sticker?.setName === set.name);

  async function draw(): Promise<StoredFile[]> {
    const drawn: StoredFile[] = [];
    for (const [emoji, shape] of Object.entries(drawings)) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${shape}</svg>`;
      const bytes = await sharp(Buffer.from(svg)).webp().toBuffer();
      const sticker = { form: 'static', emoji, setName: set.name } as const;
      const file = { kind: 'sticker', mime: 'image/webp', extension: 'webp', width: side, height: side } as const;
      drawn.push(await files.put({ ...file, bytes, sticker }));
    }
    return drawn;
  }

  async function all(): Promise<Sticker[]> {
    const found = known();
    if (found.length === Object.keys(drawings).length) return found.map(stickerFields);
    drawing ??= draw().finally(() => (drawing = undefined));
    return (await drawing).map(stickerFields);
  }

  return {
    all,
    find: async (emoji) => (await all()).find((sticker) => sticker.emoji === emoji),
    methods: {
      async getStickerSet({ parameters }) {
        if ((parameters.text('name') ?? '') !== set.name) throw badRequest('STICKERSET_INVALID');
        return { ...set, sticker_type: 'regular', stickers: await all() };
      },
    },
  };
}
