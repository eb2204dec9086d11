import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods, DatabasePool } from './pool.ts';

/** The ids that a fact from outside speaks of; nothing else of its body is believed. */
export type Fact =
  | { readonly kind: 'payment'; readonly provider: string; readonly paymentId: string }
  | { readonly kind: 'generation'; readonly provider: string; readonly attemptId: string; readonly taskId: string }
  | { readonly kind: 'refund'; readonly provider: string; readonly refundId: string };

export interface IncomingFact {
  /** Who told it: `yookassa`, `kie`. */
  readonly source: string;
  /** The sender's own event id, or what stands for one. */
  readonly dedupeKey: string;
  /** Facts of one stream are delivered in order. */
  readonly streamKey: string;
  readonly fact: Fact;
  /** The body as it came, kept as evidence. */
  readonly body: string;
}

export interface InboxRow {
  readonly id: bigint;
  readonly source: string;
  readonly streamKey: string;
  readonly attempts: number;
  readonly deliveries: number;
  readonly fact: Fact;
}

const factSchema = z.union([
  z.object({ kind: z.literal('payment'), provider: z.string(), paymentId: z.string() }),
  z.object({ kind: z.literal('generation'), provider: z.string(), attemptId: z.string(), taskId: z.string() }),
  z.object({ kind: z.literal('refund'), provider: z.string(), refundId: z.string() }),
]);
const inboxRow = z.object({
  id: z.bigint(),
  source: z.string(),
  streamKey: z.string(),
  attempts: z.number(),
  deliveries: z.number(),
  fact: factSchema,
});
const storedRow = z.object({ isNew: z.boolean() });
const streamRow = z.object({ streamKey: z.string() });
const lockedRow = z.object({ locked: z.boolean() });

export type Inbox = ReturnType<typeof createInbox>;

/**
 * Facts from outside: stored before they are answered, delivered in order per stream, set aside after some failures.
 */
export function createInbox(db: DatabasePool) {
  return {
    /**
     * Stores a fact under its sender's event id. A duplicate raises the count of deliveries and, while the order it
     * speaks of is not over, arms the row again: a forged early notification must not swallow the real one.
     */
    async store(incoming: IncomingFact): Promise<'stored' | 'duplicate'> {
      const { isNew } = await db.one(sql.prepared('inbox_store', storedRow)`
        INSERT INTO app.inbox AS i (source, dedupe_key, stream_key, fact, body)
        VALUES (${incoming.source}, ${incoming.dedupeKey}, ${incoming.streamKey},
                ${JSON.stringify(incoming.fact)}::jsonb, ${incoming.body})
        ON CONFLICT (source, dedupe_key) DO UPDATE SET
          deliveries = i.deliveries + 1,
          state = CASE WHEN i.state <> 'pending' AND app.is_fact_open(i.fact) THEN 'pending' ELSE i.state END,
          attempts = CASE WHEN i.state <> 'pending' THEN 0 ELSE i.attempts END,
          next_attempt_at = CASE WHEN i.state <> 'pending' THEN now() ELSE i.next_attempt_at END
        RETURNING deliveries = 1 AS "isNew"`);
      return isNew ? 'stored' : 'duplicate';
    },

    /**
     * Stores what we found out ourselves. It is true once and for all, so only one that was set aside is armed again.
     */
    async storeOnce(incoming: IncomingFact): Promise<void> {
      await db.query(sql.prepared('inbox_store_once', z.object({}))`
        INSERT INTO app.inbox AS i (source, dedupe_key, stream_key, fact, body)
        VALUES (${incoming.source}, ${incoming.dedupeKey}, ${incoming.streamKey},
                ${JSON.stringify(incoming.fact)}::jsonb, ${incoming.body})
        ON CONFLICT (source, dedupe_key) DO UPDATE SET state = 'pending', attempts = 0, next_attempt_at = now()
        WHERE i.state = 'set_aside'`);
    },

    /** Streams with a fact that is due. */
    async dueStreams(limit: number): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('inbox_due', streamRow)`SELECT stream_key AS "streamKey" FROM app.inbox
        WHERE state = 'pending' AND next_attempt_at <= now() GROUP BY stream_key ORDER BY min(id) LIMIT ${limit}`);
    },

    /**
     * Hands the oldest pending fact of a stream to `deliver`, alone in all processes, and marks it done unless it was
     * told again meanwhile: that may be news. Answers whether there was one. What `deliver` throws is the caller's to
     * record with `defer`. The lock is the session's and not a transaction's: a transaction held open over a signal
     * would keep the ledger's sealing from seeing past it.
     */
    deliverHead(streamKey: string, deliver: (row: InboxRow) => Promise<void>): Promise<boolean> {
      return db.connect(async (connection) => {
        const { locked } = await connection.one(sql.prepared('inbox_lock', lockedRow)`
          SELECT pg_try_advisory_lock(hashtextextended(${streamKey}, 0)) AS locked`);
        if (!locked) return false;
        try {
          const row = await head(connection, streamKey);
          if (!row) return false;
          await deliver(row);
          await connection.query(sql.prepared('inbox_done', z.object({}))`UPDATE app.inbox
            SET state = 'done', done_at = now(), last_error = NULL
            WHERE id = ${row.id} AND deliveries = ${row.deliveries}`);
          return true;
        } finally {
          await connection.query(sql.prepared('inbox_unlock', z.object({}))`
            SELECT pg_advisory_unlock(hashtextextended(${streamKey}, 0))`);
        }
      });
    },

    /**
     * Postpones a fact after a failure, for twice as long after each one that counts; `counts: false`
     * when the fault was not the fact's. After `attemptsMax` that count it is set aside, and the stream goes on.
     */
    async defer(id: bigint, failure: { error: string; delayMs: number; counts: boolean; attemptsMax: number }) {
      await db.query(sql.prepared('inbox_defer', z.object({}))`
        UPDATE app.inbox SET attempts = attempts + ${failure.counts ? 1 : 0}, last_error = ${failure.error},
          next_attempt_at = now() + make_interval(secs => ${failure.delayMs / 1000} * power(2, attempts)),
          state = CASE WHEN attempts + ${failure.counts ? 1 : 0} >= ${failure.attemptsMax}
            THEN 'set_aside' ELSE state END
        WHERE id = ${id} AND state = 'pending'`);
    },
  };
}

function head(db: CommonQueryMethods, streamKey: string): Promise<InboxRow | null> {
  return db.maybeOne(sql.prepared('inbox_head', inboxRow)`
    SELECT id, source, stream_key AS "streamKey", attempts, deliveries, fact FROM (
      SELECT * FROM app.inbox WHERE stream_key = ${streamKey} AND state = 'pending' ORDER BY id LIMIT 1
    ) oldest WHERE next_attempt_at <= now()`);
}
