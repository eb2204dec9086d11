import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { DemoUser } from '../core/demo.ts';
import { parseJson } from '../core/json.ts';
import { storable } from '../core/text.ts';

/** The person that Telegram vouches for. */
export interface InitDataUser {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
}

export interface InitData {
  readonly user: InitDataUser;
  readonly authDate: Date;
  readonly startParam: string | null;
}

export type InitDataRefusal = 'malformed' | 'wrong_hash' | 'expired' | 'from_the_future' | 'no_user';

export type InitDataVerdict =
  { readonly ok: true; readonly initData: InitData } | { readonly ok: false; readonly reason: InitDataRefusal };

const windowSeconds = 3_600;
const skewSeconds = 60;
const textLengthMax = 8_192;

const userSchema = z.object({
  id: z.int().positive(),
  first_name: z.string().min(1).max(256),
  last_name: z.string().max(256).optional(),
  username: z.string().max(64).optional(),
  language_code: z.string().max(35).optional(),
});

/**
 * Checks what a Mini App says about who opened it, as Telegram signs it: the hash over every pair but itself,
 * `signature` included, in constant time; then `auth_date` within the hour, with a minute of skew. Nothing of the
 * content is read before the hash holds.
 */
export function verifyInitData(text: string, botToken: string, now: Date): InitDataVerdict {
  const pairs = readPairs(text);
  const hash = pairs?.get('hash');
  if (pairs === undefined || hash === undefined || !/^[0-9a-f]{64}$/.test(hash)) return refuse('malformed');
  if (!timingSafeEqual(hashOf(pairs, botToken), Buffer.from(hash, 'hex'))) return refuse('wrong_hash');
  const authDate = readAuthDate(pairs.get('auth_date'));
  if (authDate === undefined) return refuse('malformed');
  const ageSeconds = Math.floor(now.getTime() / 1_000) - authDate;
  if (ageSeconds > windowSeconds) return refuse('expired');
  if (ageSeconds < -skewSeconds) return refuse('from_the_future');
  const user = readUser(pairs.get('user'));
  if (user === undefined) return refuse('no_user');
  const startParam = pairs.get('start_param') ?? null;
  return { ok: true, initData: { user, authDate: new Date(authDate * 1_000), startParam } };
}

/** Init data as Telegram would give it to a person, for embedded mode and tests. */
export function signInitData(user: DemoUser, botToken: string, authDate: Date): string {
  const person = {
    id: user.telegramId,
    first_name: user.firstName,
    ...(user.lastName === undefined ? {} : { last_name: user.lastName }),
    username: user.username,
    language_code: user.language,
    allows_write_to_pm: true,
  };
  return signPairs(
    {
      auth_date: String(Math.floor(authDate.getTime() / 1_000)),
      query_id: 'AAHdF6IQAAAAAN0XohDhrOrc',
      user: JSON.stringify(person),
    },
    botToken,
  );
}

/** Signs any pairs as Telegram does and writes them as a query string. */
export function signPairs(pairs: Readonly<Record<string, string>>, botToken: string): string {
  const hash = hashOf(new Map(Object.entries(pairs)), botToken).toString('hex');
  return new URLSearchParams({ ...pairs, hash }).toString();
}

function refuse(reason: InitDataRefusal): InitDataVerdict {
  return { ok: false, reason };
}

/** The decoded pairs; undefined when there are none, too many characters, or one name twice. */
function readPairs(text: string): Map<string, string> | undefined {
  if (text === '' || text.length > textLengthMax) return undefined;
  const pairs = [...new URLSearchParams(text)];
  const byName = new Map(pairs);
  return byName.size === pairs.length ? byName : undefined;
}

function hashOf(pairs: ReadonlyMap<string, string>, botToken: string): Buffer {
  const checked = [...pairs]
    .filter(([name]) => name !== 'hash')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const secret = createHmac('sha256', 'WebAppData').update(botToken).digest();
  return createHmac('sha256', secret).update(checked.join('\n')).digest();
}

function readAuthDate(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function readUser(text: string | undefined): InitDataUser | undefined {
  const parsed = userSchema.safeParse(parseJson(text ?? ''));
  if (!parsed.success) return undefined;
  const { id, first_name, last_name, username, language_code } = parsed.data;
  return {
    id,
    firstName: storable(first_name),
    lastName: last_name === undefined ? null : storable(last_name),
    username: username === undefined ? null : storable(username),
    languageCode: language_code === undefined ? null : storable(language_code),
  };
}
