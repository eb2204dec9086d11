/** Models look at no more than this; a phone's camera gives three times as much. */
const sideMax = 2_048;
const quality = 0.9;
const smallBytes = 1_500_000;
/** Enough for a place of the form on a dense display, and little enough to be kept with the words. */
const previewSide = 240;
const previewQuality = 0.7;

export interface Prepared {
  /** What is sent. */
  readonly photo: Blob;
  /** A small copy as a data URL, which outlives a reload; null for what the browser cannot read. */
  readonly preview: string | null;
}

/**
 * A photo small enough to send: its long side at most 2048 pixels. What the browser cannot read is sent as it is, and
 * the server says what is wrong with it.
 */
export async function preparePhoto(file: Blob): Promise<Prepared> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return { photo: file, preview: null };
  try {
    const preview = draw(bitmap, previewSide, 'image/jpeg')?.toDataURL('image/jpeg', previewQuality) ?? null;
    return { photo: await downscale(file, bitmap), preview };
  } finally {
    bitmap.close();
  }
}

async function downscale(file: Blob, bitmap: ImageBitmap): Promise<Blob> {
  const isLarge = Math.max(bitmap.width, bitmap.height) > sideMax;
  if (!isLarge && file.size <= smallBytes) return file;
  const type = file.type === 'image/png' && file.size <= smallBytes ? 'image/png' : 'image/jpeg';
  const canvas = draw(bitmap, sideMax, type);
  return new Promise((resolve) => {
    if (canvas === null) resolve(file);
    else canvas.toBlob((made) => resolve(made ?? file), type, quality);
  });
}

/** The picture on a canvas, its long side at most `side`; null where the browser gives none. */
function draw(bitmap: ImageBitmap, side: number, type: 'image/png' | 'image/jpeg'): HTMLCanvasElement | null {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.imageSmoothingQuality = 'high';
  if (type === 'image/jpeg') {
    // JPEG knows no transparency: what was clear becomes white rather than black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
