/** How many code points a text has. A pair of surrogates is one, so an emoji is not counted twice. */
export function codePointCount(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

/**
 * The first code points of a text, never half of a character: a limit of 1,000 keeps 1,000 Cyrillic letters and
 * 1,000 emoji alike. Texts within the limit come back unchanged.
 */
export function excerpt(text: string, codePointsMax: number): string {
  if (text.length <= codePointsMax) return text;
  let count = 0;
  let end = 0;
  for (const character of text) {
    if (count === codePointsMax) break;
    count += 1;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The text as PostgreSQL and JSON can keep it: without NUL and lone halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
