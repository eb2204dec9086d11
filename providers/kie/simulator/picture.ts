import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { escapeXml, layOut, layoutLineHeight } from './text-layout.ts';

export interface PictureWish {
  readonly text: string;
  readonly model: string;
  readonly ratio: string;
  readonly resolution: string;
  readonly format: 'png' | 'jpeg';
  /** Which of the task's pictures, from 1: each looks different. */
  readonly number: number;
  readonly of: number;
}

const longSides: Readonly<Record<string, number>> = { '1K': 1_024, '2K': 2_048, '4K': 4_096 };
const fonts = "'DejaVu Sans','Noto Sans','Liberation Sans','Segoe UI',Arial,Helvetica,sans-serif";

/** The background is soft by nature: it is drawn small and enlarged, which takes a tenth of the time. */
const backgroundSide = 256;

/** Draws a picture: the text over a calm abstract background that follows from the text alone. */
export async function drawPicture(wish: PictureWish): Promise<Buffer> {
  const size = sizeOf(wish);
  const text = (await hasEmojiFont()) ? wish.text : withoutEmoji(wish.text);
  const drawn = sharp(Buffer.from(backgroundSvg(wish, size)))
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .composite([{ input: Buffer.from(captionSvg({ ...wish, text }, size)) }])
    .removeAlpha();
  if (wish.format === 'jpeg') return drawn.jpeg({ quality: 88 }).toBuffer();
  return drawn.png({ compressionLevel: 3 }).toBuffer();
}

let emojiFont: Promise<boolean> | undefined;

/** Whether this machine can draw emoji: in a font that has them, the fox is not grey. Else they would be boxes. */
function hasEmojiFont(): Promise<boolean> {
  emojiFont ??= drawsInColor('🦊');
  return emojiFont;
}

async function drawsInColor(character: string): Promise<boolean> {
  const text = `<text x="4" y="32" font-size="32" font-family="${fonts}">${character}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48">${text}</svg>`;
  const pixels = await sharp(Buffer.from(svg)).flatten({ background: '#fff' }).raw().toBuffer();
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const [red, blue] = [pixels[at] ?? 0, pixels[at + 2] ?? 0];
    if (Math.abs(red - blue) > 40) return true;
  }
  return false;
}

function withoutEmoji(text: string): string {
  return text.replace(/\p{Extended_Pictographic}|\u200d|\ufe0f|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu, '');
}

/** Width and height of a shape: the long side is given by the resolution. */
function sizeOf({ ratio, resolution }: Pick<PictureWish, 'ratio' | 'resolution'>): {
  width: number;
  height: number;
} {
  const side = longSides[resolution] ?? 1_024;
  const [across, down] = /^\d{1,2}:\d{1,2}$/.test(ratio) ? ratio.split(':').map(Number) : [1, 1];
  const shape = (across ?? 1) / (down ?? 1);
  return shape >= 1
    ? { width: side, height: Math.round(side / shape) }
    : { width: Math.round(side * shape), height: side };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The background as SVG. Every figure in it comes from a hash of the text and the picture's number. */
function backgroundSvg(wish: PictureWish, size: Size): string {
  const dice = createDice(`${wish.text}/${wish.number}`);
  const hue = dice() * 360;
  const shift = 40 + dice() * 60;
  const scale = backgroundSide / Math.max(size.width, size.height);
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<defs>${sky(hue, shift)}${glows(hue, shift)}</defs>`,
    `<rect width="100%" height="100%" fill="url(#sky)"/>`,
    lights({ width, height }, dice),
    hills({ width, height }, { dice, hue, shift }),
    '</svg>',
  ].join('');
}

function sky(hue: number, shift: number): string {
  const stops = [
    stop(0, color(hue, 42, 24), 1),
    stop(0.55, color(hue + shift * 0.6, 45, 42), 1),
    stop(1, color(hue + shift, 55, 66), 1),
  ];
  return `<linearGradient id="sky" x1="0" y1="0" x2="0.35" y2="1">${stops.join('')}</linearGradient>`;
}

function glows(hue: number, shift: number): string {
  return [0, 1, 2]
    .map((index) => {
      const tone = color(hue + shift * (0.4 + index * 0.5), 70, 74);
      return `<radialGradient id="glow${index}">${stop(0, tone, 0.7)}${stop(1, tone, 0)}</radialGradient>`;
    })
    .join('');
}

function lights({ width, height }: Size, dice: () => number): string {
  return [0, 1, 2]
    .map((index) => {
      const radius = Math.max(width, height) * (0.25 + dice() * 0.25);
      const [x, y] = [dice() * width, dice() * height * 0.7];
      return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="url(#glow${index})"/>`;
    })
    .join('');
}

interface Scenery {
  readonly dice: () => number;
  readonly hue: number;
  readonly shift: number;
}

function hills({ width, height }: Size, { dice, hue, shift }: Scenery): string {
  return [0, 1, 2]
    .map((index) => {
      const base = height * (0.66 + index * 0.12);
      const wave = () => round(base + (dice() - 0.5) * height * 0.16);
      const [left, right, bottom] = [round(-width * 0.1), round(width * 1.1), round(height * 1.1)];
      const curve = `C ${round(width * 0.3)} ${wave()} ${round(width * 0.62)} ${wave()} ${right} ${wave()}`;
      const path = `M ${left} ${wave()} ${curve} L ${right} ${bottom} L ${left} ${bottom} Z`;
      const fill = color(hue + shift * (1 - index * 0.4), 40, 46 - index * 13);
      return `<path d="${path}" fill="${fill}" opacity="0.72"/>`;
    })
    .join('');
}

/** The text as SVG of the picture's full size; its shadow is the text again, a little lower. */
function captionSvg({ text, model, number, of }: PictureWish, { width, height }: Size): string {
  const unit = Math.min(width, height);
  const { fontSize, lines } = layOut(text.trim() === '' ? '…' : text, { width: width * 0.82, height: height * 0.6 });
  const step = fontSize * layoutLineHeight;
  const top = height * 0.47 - ((lines.length - 1) * step) / 2 + fontSize * 0.35;
  const written = (lower: number, paint: string) =>
    lines
      .map((line, index) => ({ line, y: round(top + index * step + lower) }))
      .map(({ line, y }) => `<text x="${width / 2}" y="${y}" ${paint}>${escapeXml(line)}</text>`)
      .join('');
  const note = escapeXml(`simulated picture · ${model}${of > 1 ? ` · ${number} of ${of}` : ''}`);
  const noteY = round(height - unit * 0.035);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${fonts}">`,
    `<g text-anchor="middle" font-size="${round(fontSize)}" font-weight="600">`,
    written(fontSize * 0.05, 'fill="#000" opacity="0.35"'),
    written(0, 'fill="#fff"'),
    `</g><text text-anchor="middle" font-size="${round(unit * 0.02)}" x="${width / 2}" y="${noteY}" fill="#fff"`,
    ` opacity="0.8">${note}</text></svg>`,
  ].join('');
}

function stop(offset: number, tone: string, opacity: number): string {
  return `<stop offset="${offset}" stop-color="${tone}" stop-opacity="${opacity}"/>`;
}

function color(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(((hue % 360) + 360) % 360)},${saturation}%,${lightness}%)`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Numbers in [0, 1) out of a text; always the same ones. */
function createDice(seed: string): () => number {
  let block = createHash('sha256').update(seed).digest();
  let at = 0;
  return () => {
    if (at + 4 > block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    const value = block.readUInt32BE(at) / 2 ** 32;
    at += 4;
    return value;
  };
}
