import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods, DatabasePool } from './pool.ts';

/** How long a refresh token lives. */
const refreshLifetime = sql.fragment`interval '24 hours'`;
/** How long the answer to a refresh may be asked for again: a lost answer must not log a person out. */
const graceMs = 10_000;

/** What the one behind an access token may do at this moment. */
export interface Session {
  readonly roles: readonly string[];
  readonly status: 'active' | 'banned';
  readonly revoked: boolean;
}

export type RefreshRefusal = 'unknown' | 'expired' | 'reused' | 'revoked';

export type Refreshed =
  | { readonly outcome: 'refreshed'; readonly loginId: string; readonly userId: string; readonly banned: boolean }
  | { readonly outcome: RefreshRefusal };

const sessionRow = z.object({ roles: z.array(z.string()), status: z.enum(['active', 'banned']), revoked: z.boolean() });
const tokenRow = z.object({
  loginId: z.string(),
  userId: z.string(),
  banned: z.boolean(),
  expired: z.boolean(),
  revokeReason: z.string().nullable(),
  usedMsAgo: z.number().nullable(),
  successorHash: z.instanceof(Buffer).nullable(),
  successorUsed: z.boolean(),
});
const closedRow = z.object({ loginId: z.string(), banned: z.boolean() });
const nothing = z.object({});

export type ClosedLogin = z.infer<typeof closedRow>;

export type Logins = ReturnType<typeof createLogins>;

/** Logins: families of refresh tokens, kept as hashes only. */
export function createLogins(db: DatabasePool) {
  return {
    /** Opens a family with its first token. */
    async open(login: { id: string; userId: string; tokenHash: Buffer }): Promise<void> {
      await db.query(sql.prepared('login_open', nothing)`
        WITH opened AS (INSERT INTO app.login (id, user_id) VALUES (${login.id}, ${login.userId}) RETURNING id)
        INSERT INTO app.refresh_token (token_hash, login_id, expires_at)
        SELECT ${sql.binary(login.tokenHash)}, id, now() + ${refreshLifetime} FROM opened`);
    },

    /** Whether the login of an access token stands, and what its person may: read by every request, from no cache. */
    session(loginId: string, userId: string): Promise<Session | null> {
      return db.maybeOne(sql.prepared('login_session', sessionRow)`
        SELECT u.roles, u.status, l.revoked_at IS NOT NULL AS revoked
        FROM app.login l JOIN app.users u ON u.id = l.user_id WHERE l.id = ${loginId} AND u.id = ${userId}`);
    },

    /** Of these logins, the ones that stand no more, with whether their person is banned. */
    async closed(loginIds: readonly string[]): Promise<readonly ClosedLogin[]> {
      return db.any(sql.prepared('login_closed', closedRow)`
        SELECT l.id AS "loginId", u.status = 'banned' AS banned FROM app.login l JOIN app.users u ON u.id = l.user_id
        WHERE l.id = ANY (${sql.array([...loginIds], 'uuid')}) AND (u.status = 'banned' OR l.revoked_at IS NOT NULL)`);
    },

    /**
     * Uses a refresh token once. The first use stores its successor; a second within ten seconds, while the successor
     * is unused, is the repeat of a lost answer and changes nothing; any other revokes the family (A5).
     */
    refresh(tokenHash: Buffer, successorHash: Buffer): Promise<Refreshed> {
      return db.transaction((transaction) => useToken(transaction, tokenHash, successorHash));
    },

    async revoke(loginId: string, reason: string): Promise<void> {
      await revokeLogin(db, loginId, reason);
    },
  };
}

async function useToken(db: CommonQueryMethods, tokenHash: Buffer, successorHash: Buffer): Promise<Refreshed> {
  const token = await lockToken(db, tokenHash);
  if (!token) return { outcome: 'unknown' };
  if (token.revokeReason !== null) return { outcome: token.revokeReason === 'reused' ? 'reused' : 'revoked' };
  if (token.usedMsAgo === null) {
    if (token.expired) return { outcome: 'expired' };
    await replaceToken(db, { tokenHash, successorHash, loginId: token.loginId });
    return { outcome: 'refreshed', loginId: token.loginId, userId: token.userId, banned: token.banned };
  }
  const repeats = token.usedMsAgo <= graceMs && !token.successorUsed;
  if (repeats && token.successorHash?.equals(successorHash)) {
    return { outcome: 'refreshed', loginId: token.loginId, userId: token.userId, banned: token.banned };
  }
  await revokeLogin(db, token.loginId, 'reused');
  return { outcome: 'reused' };
}

/** The login's row is the lock of its whole family. */
async function lockToken(db: CommonQueryMethods, tokenHash: Buffer) {
  const locked = await db.maybeOne(sql.prepared('refresh_lock', z.object({ id: z.string() }))`
    SELECT l.id FROM app.login l WHERE l.id = (
      SELECT login_id FROM app.refresh_token WHERE token_hash = ${sql.binary(tokenHash)}) FOR NO KEY UPDATE`);
  if (!locked) return null;
  return db.one(sql.prepared('refresh_read', tokenRow)`
    SELECT t.login_id AS "loginId", l.user_id AS "userId", u.status = 'banned' AS banned,
           t.expires_at <= now() AS expired,
           CASE WHEN l.revoked_at IS NOT NULL THEN coalesce(l.revoke_reason, '') END AS "revokeReason",
           (extract(epoch FROM clock_timestamp() - t.used_at) * 1000)::float8 AS "usedMsAgo",
           t.successor_hash AS "successorHash", coalesce(s.used_at IS NOT NULL, false) AS "successorUsed"
    FROM app.refresh_token t JOIN app.login l ON l.id = t.login_id JOIN app.users u ON u.id = l.user_id
    LEFT JOIN app.refresh_token s ON s.token_hash = t.successor_hash
    WHERE t.token_hash = ${sql.binary(tokenHash)}`);
}

async function replaceToken(
  db: CommonQueryMethods,
  token: { tokenHash: Buffer; successorHash: Buffer; loginId: string },
): Promise<void> {
  await db.query(sql.prepared('refresh_use', nothing)`
    WITH used AS (
      UPDATE app.refresh_token SET used_at = clock_timestamp(), successor_hash = ${sql.binary(token.successorHash)}
      WHERE token_hash = ${sql.binary(token.tokenHash)}
    )
    INSERT INTO app.refresh_token (token_hash, login_id, expires_at)
    VALUES (${sql.binary(token.successorHash)}, ${token.loginId}, now() + ${refreshLifetime})`);
}

async function revokeLogin(db: CommonQueryMethods, loginId: string, reason: string): Promise<void> {
  await db.query(sql.prepared('login_revoke', nothing)`UPDATE app.login
    SET revoked_at = now(), revoke_reason = ${reason} WHERE id = ${loginId} AND revoked_at IS NULL`);
}
