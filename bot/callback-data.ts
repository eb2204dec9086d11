import { isUuid } from '../core/ids.ts';

/** What stands in a button beside its name. `id`: a UUID, in 22 characters instead of 36. */
type Part = 'text' | 'id';

/**
 * Every button of the bot. Names are short because Telegram allows 64 bytes for all of it; they are part of messages
 * that stay in chats for years, so a name is never used again for something else.
 */
export const taps = {
  menu: [],
  bal: [],
  ops: ['text'],
  top: [],
  pack: ['text'],
  buy: ['id'],
  pay: ['id'],
  paid: ['id'],
  giveup: ['id'],
  stop: ['id'],
  gen: [],
  model: ['text', 'id'],
  edit: ['id'],
  ratios: ['id'],
  ratio: ['text', 'id'],
  nopic: ['id'],
  ask: ['id'],
  draw: ['id'],
  again: ['id'],
  words: ['id'],
  file: ['id'],
  input: ['id'],
  hist: [],
  older: ['id'],
  open: ['id'],
  set: [],
  lang: [],
  speak: ['text'],
  help: [],
  terms: [],
  sup: [],
  paysup: [],
  stars: [],
  starsof: ['text', 'id'],
  premiumof: ['text', 'id'],
  // Short: a username takes 32 bytes.
  sto: ['text', 'id'],
  starsedit: ['id'],
  starswho: ['id'],
  starprice: ['id'],
  starsender: ['id'],
  starbuy: ['id'],
  starstop: ['id'],
  starmore: ['id'],
  apps: [],
  app: ['id'],
  decide: ['text', 'id'],
  decided: ['text', 'id'],
} as const satisfies Readonly<Record<string, readonly Part[]>>;

export type TapName = keyof typeof taps;
type Texts<Parts extends readonly Part[]> = { -readonly [Index in keyof Parts]: string };
export type TapArguments<Name extends TapName> = Texts<(typeof taps)[Name]>;

/** A button that was pressed. What it says is untrusted: ids are looked up among the person's own things alone. */
export interface Tap {
  readonly name: TapName;
  readonly parts: readonly string[];
}

const version = '1';
const bytesMax = 64;

/** The data of a button. Throws when it does not fit, which only a new id in the price list could cause. */
export function tapData<Name extends TapName>(name: Name, ...parts: TapArguments<Name>): string {
  const kinds: readonly Part[] = taps[name];
  const written = (parts as readonly string[]).map((part, index) => (kinds[index] === 'id' ? packId(part) : part));
  const data = [version, name, ...written].join(':');
  if (Buffer.byteLength(data) > bytesMax) throw new Error(`a button cannot carry ${data}`);
  return data;
}

/** Reads a button's data; undefined when this version did not write it. */
export function readTap(data: string): Tap | undefined {
  const [written, name = '', ...parts] = data.split(':');
  if (written !== version || !Object.hasOwn(taps, name)) return undefined;
  const kinds: readonly Part[] = taps[name as TapName];
  // A text may hold colons of its own: ratios do. It is the first part, so what is left over belongs to it.
  const extra = parts.length - kinds.length;
  const joined = extra > 0 ? [parts.slice(0, extra + 1).join(':'), ...parts.slice(extra + 1)] : parts;
  if (joined.length !== kinds.length) return undefined;
  const read = joined.map((part, index) => (kinds[index] === 'id' ? unpackId(part) : part));
  return read.every((part) => part !== undefined) ? { name: name as TapName, parts: read } : undefined;
}

function packId(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function unpackId(text: string): string | undefined {
  if (!/^[\w-]{22}$/.test(text)) return undefined;
  const hex = Buffer.from(text, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(id) ? id : undefined;
}
