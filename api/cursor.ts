import { isUuid } from '../core/ids.ts';
import { Problem } from './problem.ts';

/** Where a list by number goes on. */
export function writeNumberCursor(last: bigint): string {
  return Buffer.from(`n${last}`).toString('base64url');
}

/** The number of a cursor; undefined for the first page. Throws `invalid_cursor` for what we did not write. */
export function readNumberCursor(cursor: string | undefined): bigint | undefined {
  if (cursor === undefined) return undefined;
  const digits = /^n(\d{1,18})$/.exec(decode(cursor))?.[1];
  if (digits === undefined) throw new Problem('invalid_cursor');
  return BigInt(digits);
}

/** The place of a row in a list by time. */
export interface TimePlace {
  readonly createdAt: string;
  readonly id: string;
}

export function writeTimeCursor({ createdAt, id }: TimePlace): string {
  return Buffer.from(`${createdAt}|${id}`).toString('base64url');
}

/** The like of `readNumberCursor` for a list by time. */
export function readTimeCursor(cursor: string | undefined): TimePlace | undefined {
  if (cursor === undefined) return undefined;
  const [createdAt = '', id = '', ...rest] = decode(cursor).split('|');
  const isTime =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(createdAt) && !Number.isNaN(Date.parse(createdAt));
  if (!isTime || !isUuid(id) || rest.length > 0) throw new Problem('invalid_cursor');
  return { createdAt, id };
}

function decode(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('latin1');
}
