import type { ClientConfiguration } from 'slonik';
import { inUtc } from './utc-times.ts';

/**
 * How column types reach us: int8 as bigint; numeric and date as the text the server sent, since a float or a local
 * midnight would lose information; timestamptz as RFC 3339 text in UTC with its microseconds.
 */
export const typeParsers: ClientConfiguration['typeParsers'] = [
  { name: 'int8', parse: (text: string): bigint => BigInt(text) },
  { name: 'numeric', parse: (text: string): string => text },
  { name: 'date', parse: (text: string): string => text },
  { name: 'timestamptz', parse: parseTimestamp },
];

/** `2026-11-21 13:02:56.2171+03` becomes `2026-11-21T10:02:56.2171Z`; `infinity` stays a word. */
function parseTimestamp(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (!match) return text;
  const [, day, time, hours, minutes = '00'] = match;
  return inUtc(`${day}T${time}${hours}:${minutes}`);
}
