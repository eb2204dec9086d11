import { sql } from 'slonik';
import { z } from 'zod';
import { fragmentSession } from '../core/flows/fragment-session.ts';
import type { CommonQueryMethods } from './pool.ts';

const states = ['alive', 'expired', 'login_required'] as const;
type SessionState = (typeof states)[number];

/** Our log-in at Fragment as it lies here: sealed. */
export interface StoredFragmentSession {
  readonly sealed: Buffer;
  readonly version: number;
  readonly state: SessionState;
}

/** What may be shown of a session. */
export interface FragmentSessionCondition {
  readonly state: SessionState;
  readonly loggedInAt: string;
  /** When it was last renewed; null: never since the log-in. */
  readonly renewedAt: string | null;
}

const sessionRow = z.object({ sealed: z.instanceof(Buffer), version: z.number(), state: z.enum(states) });
const conditionRow = z.object({ state: z.enum(states), loggedInAt: z.string(), renewedAt: z.string().nullable() });
const accountRow = z.object({ account: z.string() });
const nothing = z.object({});

/** How soon a keeper is woken again for a session that is still expired. */
const wakeAgainMs = 30_000;

export type FragmentSessions = ReturnType<typeof createFragmentSessions>;

/**
 * Sessions at Fragment, one per account. Every change of the cookies has a version of its own, and a change is made
 * only to the version that it was thought of.
 */
export function createFragmentSessions(db: CommonQueryMethods) {
  return {
    read(account: string): Promise<StoredFragmentSession | null> {
      return db.maybeOne(sql.prepared('fragment_session_read', sessionRow)`
        SELECT sealed, version, state FROM app.fragment_session WHERE account = ${account}`);
    },

    /** What may be shown; null: nobody has logged in. */
    condition(account: string): Promise<FragmentSessionCondition | null> {
      return db.maybeOne(sql.prepared('fragment_session_condition', conditionRow)`
        SELECT state, logged_in_at AS "loggedInAt", renewed_at AS "renewedAt"
        FROM app.fragment_session WHERE account = ${account}`);
    },

    /** Whether a session that is alive was renewed longer ago than this. */
    async isOld(account: string, olderThanMs: number): Promise<boolean> {
      return db.exists(sql.prepared('fragment_session_old', accountRow)`
        SELECT account FROM app.fragment_session
        WHERE account = ${account}
          AND (renewed_at IS NULL OR renewed_at < now() - make_interval(secs => ${olderThanMs / 1_000}))`);
    },

    /** A new log-in, in place of whatever was there. It has to be renewed before it is used. */
    async put(account: string, sealed: Uint8Array): Promise<void> {
      await db.query(sql.prepared('fragment_session_put', nothing)`
        INSERT INTO app.fragment_session AS s (account, sealed, state)
        VALUES (${account}, ${sql.binary(Buffer.from(sealed))}, 'expired')
        ON CONFLICT (account) DO UPDATE SET sealed = EXCLUDED.sealed, state = 'expired', version = s.version + 1,
          lease_until = NULL, woken_at = NULL, logged_in_at = now(), renewed_at = NULL`);
    },

    /** The same, only where there is none. */
    async putFirst(account: string, sealed: Uint8Array): Promise<void> {
      await db.query(sql.prepared('fragment_session_put_first', nothing)`
        INSERT INTO app.fragment_session (account, sealed, state)
        VALUES (${account}, ${sql.binary(Buffer.from(sealed))}, 'expired')
        ON CONFLICT (account) DO NOTHING`);
    },

    /** Says that a version does not hold any more. */
    async markExpired(account: string, version: number): Promise<void> {
      await db.query(sql.prepared('fragment_session_expired', nothing)`
        UPDATE app.fragment_session SET state = 'expired', woken_at = NULL
        WHERE account = ${account} AND version = ${version} AND state = 'alive'`);
    },

    /** Takes the right to renew a version; false while somebody else has it, or where another version stands. */
    async takeLease(
      account: string,
      { version, leaseMs }: { readonly version: number; readonly leaseMs: number },
    ): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('fragment_session_lease', nothing)`
        UPDATE app.fragment_session SET lease_until = now() + make_interval(secs => ${leaseMs / 1_000})
        WHERE account = ${account} AND version = ${version} AND (lease_until IS NULL OR lease_until < now())`);
      return rowCount === 1;
    },

    /** Replaces a version; false where another one stands already. */
    async save(
      account: string,
      change: {
        readonly version: number;
        readonly sealed: Uint8Array;
        readonly state: SessionState;
        readonly isRenewed: boolean;
      },
    ): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('fragment_session_save', nothing)`
        UPDATE app.fragment_session SET sealed = ${sql.binary(Buffer.from(change.sealed))}, state = ${change.state},
          version = version + 1, lease_until = NULL,
          renewed_at = CASE WHEN ${change.isRenewed} THEN now() ELSE renewed_at END
        WHERE account = ${account} AND version = ${change.version}`);
      return rowCount === 1;
    },

    /** Who sells Stars, where a person must log in again. */
    async endedLogIns(): Promise<ReadonlySet<string>> {
      const ended = await db.exists(sql.prepared('fragment_session_ended', accountRow)`
        SELECT account FROM app.fragment_session
        WHERE account = ${fragmentSession.account} AND state = 'login_required'`);
      return new Set(ended ? [fragmentSession.provider] : []);
    },

    /** Accounts whose keeper must be woken, each once in a while however many ask. */
    async takeExpired(): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('fragment_session_take_expired', accountRow)`
        UPDATE app.fragment_session SET woken_at = now()
        WHERE state = 'expired'
          AND (woken_at IS NULL OR woken_at < now() - make_interval(secs => ${wakeAgainMs / 1_000}))
        RETURNING account`);
    },
  };
}
