/** Telegram counts UTF-16 units of the text without its tags; we count them with the tags, which is never too many. */
const messageUnitsMax = 4_096;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of a person or a provider, safe inside the HTML of a message. NUL and lone halves of characters go. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('\0', '')
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** The first characters of a person's text with an ellipsis where it is cut, never half of a character. */
export function shorten(text: string, unitsMax: number): string {
  const oneLine = text.replaceAll(/\s+/g, ' ').trim();
  if (oneLine.length <= unitsMax) return oneLine;
  return `${oneLine.slice(0, unitsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Plain text in parts that each fit into one message once escaped: cut at line ends or spaces where there are any, and
 * never inside a character.
 */
export function splitText(text: string, unitsMax: number = messageUnitsMax): string[] {
  const parts: string[] = [];
  let rest = text;
  while (escapeHtml(rest).length > unitsMax) {
    const end = cutBefore(rest, unitsMax);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Where the first part ends: the longest beginning that fits, drawn back to a space if one is near. */
function cutBefore(text: string, unitsMax: number): number {
  let end = 0;
  let units = 0;
  for (const character of text) {
    const cost = escapeHtml(character).length;
    if (units + cost > unitsMax) break;
    units += cost;
    end += character.length;
  }
  const fitting = text.slice(0, end);
  const space = Math.max(fitting.lastIndexOf('\n'), fitting.lastIndexOf(' '));
  return space > end / 2 ? space + 1 : end;
}
