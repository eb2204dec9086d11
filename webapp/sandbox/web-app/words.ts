/** A text out of what another window said: strings and numbers, nothing else is one. */
export function wordsOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
}
