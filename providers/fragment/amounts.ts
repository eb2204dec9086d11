const nanoDigits = 9;
/** A JSON number of more digits may have lost some on its way through a floating-point number. */
const safeDigits = 15;

/**
 * An amount of TON as Fragment writes it (`"1,234.5678"`, `"0.3151"` or a JSON number), in nanotons, exactly. Undefined
 * when it is none, is finer than a nanoton, or may have lost digits.
 */
export function toNano(value: unknown): bigint | undefined {
  const text = typeof value === 'number' ? numberText(value) : typeof value === 'string' ? value.trim() : undefined;
  const [, whole, fraction = ''] = /^(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d+))?$/.exec(text ?? '') ?? [];
  if (whole === undefined) return undefined;
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > nanoDigits) return undefined;
  return BigInt(whole.replaceAll(',', '') + digits.padEnd(nanoDigits, '0'));
}

function numberText(value: number): string | undefined {
  const text = String(value);
  const small = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (small) return `0.${'0'.repeat(Number(small[3]) - 1)}${small[1]}${small[2] ?? ''}`;
  return text.replace(/\D/g, '').length > safeDigits ? undefined : text;
}

/** A whole number with commas between its thousands. */
export function toCount(text: string): number | undefined {
  if (!/^(\d{1,3}(,\d{3})+|\d{1,9})$/.test(text)) return undefined;
  return Number(text.replaceAll(',', ''));
}
