/** A colour as `#rrggbb`; undefined for what is none. Short hex and rgb() are understood, as in the host's script. */
export function toHex(color: unknown): string | undefined {
  const text = String(color).trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(text)) return text;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  const rgb = /^rgba?\((\d{1,3}), *(\d{1,3}), *(\d{1,3})(?:, *[\d.]+)?\)$/.exec(text);
  if (!rgb) return undefined;
  return `#${rgb
    .slice(1, 4)
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Whether light text belongs on a colour, by the host's own measure. */
export function isDark(hex: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return Math.sqrt(0.299 * red * red + 0.587 * green * green + 0.114 * blue * blue) < 120;
}

export function setCss(name: string, value: string): void {
  document.documentElement.style.setProperty(`--tg-${name}`, value);
}
