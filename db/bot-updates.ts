import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** An update as it is stored: what the engine needs to know of it, and its body as JSON text. */
export interface IncomingUpdate {
  readonly updateId: number;
  readonly kind: string;
  /** Updates of one stream are handled one after the other, as they came. */
  readonly streamKey: string;
  readonly body: string;
}

/** The update whose turn it is in its stream. */
export interface UpdateTurn {
  readonly updateId: bigint;
  readonly kind: string;
  readonly body: string;
  /** How often it has been begun, this time included. */
  readonly attempts: number;
  /** Whether it has been begun before, by whichever process. */
  readonly isRepeat: boolean;
}

const storedRow = z.object({ isNew: z.boolean() });
const streamRow = z.object({ streamKey: z.string() });
const turnRow = z.object({
  updateId: z.bigint(),
  kind: z.string(),
  body: z.string(),
  attempts: z.number(),
  isRepeat: z.boolean(),
});
const figuresRow = z.object({ pending: z.number(), setAside: z.number(), oldestSeconds: z.number() });
const nothing = z.object({});

/** The channel on which processes that store updates wake those that handle them. */
export const updatesChannel = 'bot_update';
/** PostgreSQL takes less than 8,000 bytes; an empty text means: look yourself. */
const payloadBytesMax = 7_900;

export type BotUpdates = ReturnType<typeof createBotUpdates>;

/** Updates of Telegram: stored once by their own id, begun and finished one at a time per stream. */
export function createBotUpdates(db: CommonQueryMethods) {
  return {
    async store(update: IncomingUpdate): Promise<'stored' | 'duplicate'> {
      const isNew = await db.oneFirst(sql.prepared('bot_update_store', storedRow)`
        INSERT INTO app.bot_update AS u (update_id, stream_key, kind, body)
        VALUES (${update.updateId}, ${update.streamKey}, ${update.kind}, ${update.body})
        ON CONFLICT (update_id) DO UPDATE SET deliveries = u.deliveries + 1
        RETURNING deliveries = 1 AS "isNew"`);
      return isNew ? 'stored' : 'duplicate';
    },

    /**
     * Wakes the processes that handle updates. A statement of its own: nothing else holds the lock of NOTIFY. It need
     * not outlive a power cut, so it waits for no disk.
     */
    async wake(streamKeys: readonly string[]): Promise<void> {
      const names = streamKeys.join(',');
      const payload = Buffer.byteLength(names) > payloadBytesMax ? '' : names;
      await db.query(sql.prepared('bot_update_wake', nothing)`
        SELECT set_config('synchronous_commit', 'off', true), pg_notify(${updatesChannel}, ${payload})`);
    },

    /** Streams with an update that is due. */
    dueStreams(limit: number): Promise<readonly string[]> {
      return db.anyFirst(sql.prepared('bot_update_due', streamRow)`
        SELECT stream_key AS "streamKey" FROM app.bot_update
        WHERE state = 'pending' GROUP BY stream_key
        HAVING (array_agg(next_attempt_at ORDER BY seq))[1] <= now()
        ORDER BY min(seq) LIMIT ${limit}`);
    },

    /**
     * Begins the oldest update of a stream, if it is due; the attempt counts from here on, so that one which ends the
     * process is not tried for ever. Only for who holds the stream's lock.
     */
    begin(streamKey: string): Promise<UpdateTurn | null> {
      return db.maybeOne(sql.prepared('bot_update_begin', turnRow)`
        UPDATE app.bot_update SET attempts = attempts + 1
        WHERE update_id = (SELECT update_id FROM app.bot_update
                           WHERE stream_key = ${streamKey} AND state = 'pending' ORDER BY seq LIMIT 1)
          AND next_attempt_at <= now()
        RETURNING update_id AS "updateId", kind, body, attempts,
          attempts > 1 OR last_error IS NOT NULL AS "isRepeat"`);
    },

    async finish(updateId: bigint): Promise<void> {
      await db.query(sql.prepared('bot_update_finish', nothing)`UPDATE app.bot_update
        SET state = 'done', done_at = now(), last_error = NULL WHERE update_id = ${updateId}`);
    },

    /** Tries an update later; its stream waits for it. `counts: false`: the fault was not the update's. */
    async postpone(updateId: bigint, failure: { error: string; delayMs: number; counts: boolean }): Promise<void> {
      await db.query(sql.prepared('bot_update_postpone', nothing)`UPDATE app.bot_update
        SET attempts = attempts - ${failure.counts ? 0 : 1}, last_error = ${failure.error},
          next_attempt_at = now() + make_interval(secs => ${failure.delayMs / 1000})
        WHERE update_id = ${updateId}`);
    },

    /** Gives an update up, so that its stream goes on; it is kept for a person to look at. */
    async setAside(updateId: bigint, error: string): Promise<void> {
      await db.query(sql.prepared('bot_update_set_aside', nothing)`UPDATE app.bot_update
        SET state = 'set_aside', last_error = coalesce(last_error, ${error}) WHERE update_id = ${updateId}`);
    },

    /** Forgets updates that were handled long ago; answers how many. */
    async forgetDone(olderThanMs: number, limit: number): Promise<number> {
      const { rowCount } = await db.query(sql.prepared('bot_update_forget', nothing)`DELETE FROM app.bot_update
        WHERE update_id IN (SELECT update_id FROM app.bot_update
          WHERE state = 'done' AND done_at < now() - make_interval(secs => ${olderThanMs / 1000}) LIMIT ${limit})`);
      return rowCount;
    },

    /** How many wait and for how long, and how many were given up. */
    figures(): Promise<z.infer<typeof figuresRow>> {
      return db.one(sql.prepared('bot_update_figures', figuresRow)`
        SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending,
          count(*) FILTER (WHERE state = 'set_aside')::int AS "setAside",
          coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE state = 'pending')), 0)::float8
            AS "oldestSeconds"
        FROM app.bot_update WHERE state IN ('pending', 'set_aside')`);
    },
  };
}
