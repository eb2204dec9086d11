import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** A person as the API and the screens show them. */
export interface User {
  readonly id: string;
  readonly telegramId: bigint;
  readonly firstName: string;
  readonly username: string | null;
  readonly language: string;
  readonly roles: readonly string[];
  readonly status: 'active' | 'banned';
}

/** What Telegram says about a person at every log-in. */
export interface TelegramPerson {
  readonly telegramId: bigint;
  readonly firstName: string;
  readonly lastName: string | null;
  readonly username: string | null;
  /** Taken at the first log-in only: afterwards the person's own choice stands. */
  readonly language: string;
}

const userRow = z.object({
  id: z.string(),
  telegramId: z.bigint(),
  firstName: z.string(),
  username: z.string().nullable(),
  language: z.string(),
  roles: z.array(z.string()),
  status: z.enum(['active', 'banned']),
});

const columns = sql.fragment`id, telegram_id AS "telegramId", first_name AS "firstName", username, language, roles,
  status`;

export type Users = ReturnType<typeof createUsers>;

/** The people, by our own id and by Telegram's. */
export function createUsers(db: CommonQueryMethods) {
  return {
    /** The person of a Telegram account, made at the first sight under `newId`; the name is brought up to date. */
    meet(newId: string, person: TelegramPerson): Promise<User> {
      return db.one(sql.prepared('user_meet', userRow)`
        INSERT INTO app.users AS u (id, telegram_id, first_name, last_name, username, language)
        VALUES (${newId}, ${person.telegramId}, ${person.firstName}, ${person.lastName}, ${person.username},
                ${person.language})
        ON CONFLICT (telegram_id) DO UPDATE SET first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name,
          username = EXCLUDED.username, last_seen_at = now()
        RETURNING ${columns}`);
    },

    get(id: string): Promise<User | null> {
      return db.maybeOne(sql.prepared('user_get', userRow)`SELECT ${columns} FROM app.users WHERE id = ${id}`);
    },

    /** Replaces what a person may do; it holds from their next request on. */
    async setRoles(id: string, roles: readonly string[]): Promise<void> {
      await db.query(sql.prepared('user_roles', z.object({}))`UPDATE app.users
        SET roles = ${sql.array([...roles], 'text')} WHERE id = ${id}`);
    },

    /** The person's own choice, which Telegram's word does not change again. */
    setLanguage(id: string, language: string): Promise<User> {
      return db.one(sql.prepared('user_language', userRow)`UPDATE app.users SET language = ${language}
        WHERE id = ${id} RETURNING ${columns}`);
    },

    /** Closes or opens an account; it holds from the person's next request on (A6). */
    async setStatus(id: string, status: User['status']): Promise<void> {
      await db.query(
        sql.prepared('user_status', z.object({}))`UPDATE app.users SET status = ${status} WHERE id = ${id}`,
      );
    },
  };
}
