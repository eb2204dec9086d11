import { sql } from 'slonik';
import { z } from 'zod';
import type { Cache } from '../platform/cache/cache.ts';
import type { CacheKind } from '../platform/cache/kinds.ts';
import type { CommonQueryMethods } from './pool.ts';

/** What is shown of a person. It decides nothing: who may do what stands in their login, their roles and status. */
export interface Profile {
  readonly id: string;
  /** A number of 52 bits at most, as Telegram promises. */
  readonly telegramId: number;
  readonly firstName: string;
  readonly username: string | null;
  readonly language: string;
}

const profileRow = z.object({
  id: z.string(),
  telegramId: z.number(),
  firstName: z.string(),
  username: z.string().nullable(),
  language: z.string(),
});

/** Profiles in the caches: a trigger on the people's rows tells of every change. */
export const profileKind: CacheKind<Profile> = {
  family: 'user',
  name: 'profile',
  version: 1,
  schema: profileRow,
  endsBy: 'news',
};

export type Profiles = ReturnType<typeof createProfiles>;

/** The profiles of people, by our own id, through the caches (shop S27, shop S61). */
export function createProfiles({ db, cache }: { readonly db: CommonQueryMethods; readonly cache: Cache }) {
  const readRow = async (id: string): Promise<Profile | undefined> =>
    (await db.maybeOne(sql.prepared('profile_get', profileRow)`
      SELECT id, telegram_id::float8 AS "telegramId", first_name AS "firstName", username, language
      FROM app.users WHERE id = ${id}`)) ?? undefined;

  return {
    /** What is shown of a person; after a change it may be the old one for as long as the news of it travel. */
    read: (id: string): Promise<Profile | undefined> => cache.read(profileKind, id, () => readRow(id)),
    /** For whoever has just changed it: this process shows it from now on. */
    changed: (id: string): Promise<void> => cache.forget(profileKind, id),
  };
}
