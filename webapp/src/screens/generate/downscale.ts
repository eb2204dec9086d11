/** Models look at no more than this; a phone's camera gives three times as much. */
const sideMax = 2_048;
const quality = 0.9;
const smallBytes = 1_500_000;

/**
 * A photo small enough to send: its long side at most 2048 pixels. What the browser cannot read is sent as it is, and
 * the server says what is wrong with it.
 */
export async function downscale(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return file;
  try {
    const scale = Math.min(1, sideMax / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size <= smallBytes) return file;
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext('2d');
    if (context === null) return file;
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    // JPEG knows no transparency: what was clear becomes white rather than black.
    const type = file.type === 'image/png' && file.size <= smallBytes ? 'image/png' : 'image/jpeg';
    if (type === 'image/jpeg') {
      context.globalCompositeOperation = 'destination-over';
      context.fillStyle = '#fff';
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    return await new Promise((resolve) => canvas.toBlob((made) => resolve(made ?? file), type, quality));
  } finally {
    bitmap.close();
  }
}
