/** Why a JSON text is refused before it is parsed. What is wrong as JSON at all is left to the parser. */
export type JsonFault = 'too_deep' | 'duplicate_key' | 'forbidden_key' | 'number_not_finite' | 'unfinished_text';

const quote = 0x22;
const backslash = 0x5c;
const numberPattern = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

interface Scan {
  readonly text: string;
  /** What is open around the position: the keys seen in an object, or undefined for an array. */
  readonly open: (Set<string> | undefined)[];
  readonly depthMax: number;
  position: number;
  keyComesNext: boolean;
}

/**
 * Looks over a JSON text once, without recursion and without building anything: nesting beyond `depthMax`, a key that
 * stands twice in one object (however it is escaped), `__proto__`, and numbers that would become Infinity (A9).
 * Undefined when there is none of these.
 */
export function scanJson(text: string, depthMax: number): JsonFault | undefined {
  const scan: Scan = { text, open: [], depthMax, position: 0, keyComesNext: false };
  while (scan.position < text.length) {
    const fault = step(scan);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function step(scan: Scan): JsonFault | undefined {
  const code = scan.text.charCodeAt(scan.position);
  if (code === quote) return takeText(scan);
  if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return takeNumber(scan);
  scan.position += 1;
  switch (code) {
    case 0x7b: // {
      return enter(scan, new Set());
    case 0x5b: // [
      return enter(scan, undefined);
    case 0x7d: // }
    case 0x5d: // ]
      scan.open.pop();
      scan.keyComesNext = false;
      return undefined;
    case 0x2c: // ,
      scan.keyComesNext = scan.open.at(-1) !== undefined;
      return undefined;
    default:
      return undefined;
  }
}

function enter(scan: Scan, keys: Set<string> | undefined): JsonFault | undefined {
  scan.open.push(keys);
  scan.keyComesNext = keys !== undefined;
  return scan.open.length > scan.depthMax ? 'too_deep' : undefined;
}

function takeText(scan: Scan): JsonFault | undefined {
  const start = scan.position;
  let end = start + 1;
  let escaped = false;
  for (; end < scan.text.length; end += 1) {
    const code = scan.text.charCodeAt(end);
    if (code === quote) break;
    if (code === backslash) {
      escaped = true;
      end += 1;
    }
  }
  if (end >= scan.text.length) return 'unfinished_text';
  scan.position = end + 1;
  const keys = scan.keyComesNext ? scan.open.at(-1) : undefined;
  scan.keyComesNext = false;
  return keys === undefined ? undefined : addKey(keys, scan.text.slice(start + 1, end), escaped);
}

function addKey(keys: Set<string>, raw: string, escaped: boolean): JsonFault | undefined {
  const key = escaped ? unescape(raw) : raw;
  if (key === '__proto__') return 'forbidden_key';
  if (keys.has(key)) return 'duplicate_key';
  keys.add(key);
  return undefined;
}

/** The characters that escapes stand for; a wrong escape stays as it is, for the parser to refuse. */
function unescape(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_all, hex: string | undefined, plain: string | undefined) =>
    hex === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function takeNumber(scan: Scan): JsonFault | undefined {
  numberPattern.lastIndex = scan.position;
  const token = numberPattern.exec(scan.text)?.[0] ?? scan.text.charAt(scan.position);
  scan.position += token.length;
  return token !== '-' && !Number.isFinite(Number(token)) ? 'number_not_finite' : undefined;
}
