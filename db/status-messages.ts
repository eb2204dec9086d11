import { sql } from 'slonik';
import { z } from 'zod';
import { limits } from '../core/limits.ts';
import type { CommonQueryMethods } from './pool.ts';

/** The living message of a generation whose order has changed since it was last edited. */
export interface StatusMessage {
  readonly generationId: string;
  readonly chatId: bigint;
  readonly messageId: bigint;
  readonly userId: string;
  readonly language: string;
}

const messageRow = z.object({
  generationId: z.string(),
  chatId: z.bigint(),
  messageId: z.bigint(),
  userId: z.string(),
  language: z.string(),
});
const actionRow = z.object({ chatId: z.bigint() });
const nothing = z.object({});

/** How long nobody else touches a message that is being edited. */
const leaseMs = 10_000;
/** A chat's notice that something is going on lasts for five seconds. */
const actionEveryMs = 4_000;

/**
 * What a message shows of an order, in short: while this is the same, there is nothing to edit. `place` is that in our
 * queue, at most `limits.queuePositionInChatMax`; null once the order has left it.
 */
export function shownKey(order: { status: string; progress: number | null; place: number | null }): string {
  return `${order.status}/${order.place ?? order.progress ?? ''}`;
}

export type StatusMessages = ReturnType<typeof createStatusMessages>;

/** The messages of generations in chats. Several processes may edit: each turn is taken by one of them. */
export function createStatusMessages(db: CommonQueryMethods) {
  return {
    /** Makes a message the one of its generation; it is kept up to date from now on. `shown`: see `shownKey`. */
    async add(message: {
      generationId: string;
      chatId: number;
      messageId: number;
      shown?: string | undefined;
    }): Promise<void> {
      await db.query(sql.prepared('status_add', nothing)`
        INSERT INTO app.status_message (generation_id, chat_id, message_id, shown)
        VALUES (${message.generationId}, ${message.chatId}, ${message.messageId}, ${message.shown ?? null})
        ON CONFLICT (generation_id) DO NOTHING`);
    },

    /**
     * Takes the messages that show yesterday's news, for `leaseMs`. `restMs` after the last edit comes the next; the
     * order's end waits for less than that.
     */
    takeChanged(limit: number, { restMs, endRestMs }: { restMs: number; endRestMs: number }) {
      const earlier = restMs - endRestMs;
      return db.any(sql.prepared('status_changed', messageRow)`
        UPDATE app.status_message s SET edit_after = now() + make_interval(secs => ${leaseMs / 1000})
        FROM (
          SELECT m.generation_id, g.user_id, u.language
          FROM app.status_message m JOIN app.generation g ON g.id = m.generation_id JOIN app.users u ON u.id = g.user_id
          CROSS JOIN LATERAL (
            SELECT nullif(count(*), 0) AS place FROM (
              SELECT FROM app.generation q
              WHERE g.status IN ('accepted', 'reserved') AND q.status IN ('accepted', 'reserved', 'submitted')
                AND q.model_id = g.model_id AND (q.created_at, q.id) <= (g.created_at, g.id)
              LIMIT ${limits.queuePositionInChatMax}) ahead
          ) queue
          WHERE m.state = 'live'
            AND m.shown IS DISTINCT FROM g.status || '/' || coalesce(queue.place::text, g.progress::text, '')
            AND m.edit_after <= now() + CASE WHEN g.status IN ('succeeded', 'failed', 'canceled', 'refused')
              THEN make_interval(secs => ${earlier / 1000}) ELSE interval '0' END
          ORDER BY m.edit_after LIMIT ${limit} FOR NO KEY UPDATE OF m SKIP LOCKED
        ) changed WHERE s.generation_id = changed.generation_id
        RETURNING s.generation_id AS "generationId", s.chat_id AS "chatId", s.message_id AS "messageId",
          changed.user_id AS "userId", changed.language`);
    },

    /** The message shows this now; its next edit may come after `restMs`. `done`: there will be none. */
    async edited(generationId: string, now: { shown: string; restMs: number; isDone: boolean }): Promise<void> {
      await db.query(sql.prepared('status_edited', nothing)`UPDATE app.status_message
        SET shown = ${now.shown}, edit_after = now() + make_interval(secs => ${now.restMs / 1000}),
          state = CASE WHEN ${now.isDone} THEN 'done' ELSE state END
        WHERE generation_id = ${generationId} AND state = 'live'`);
    },

    /** The edit did not come about; once more after a while. */
    async postpone(generationId: string, delayMs: number): Promise<void> {
      await db.query(sql.prepared('status_postpone', nothing)`UPDATE app.status_message
        SET edit_after = now() + make_interval(secs => ${delayMs / 1000}) WHERE generation_id = ${generationId}`);
    },

    /** It cannot be edited any more: news of the order go out as messages of their own. */
    async lose(generationId: string): Promise<void> {
      await db.query(sql.prepared('status_lose', nothing)`UPDATE app.status_message
        SET state = 'gone' WHERE generation_id = ${generationId} AND state = 'live'`);
    },

    /** Chats where a generation goes on and that have not been told so for four seconds. */
    takeBusyChats(limit: number): Promise<readonly bigint[]> {
      return db.anyFirst(sql.prepared('status_busy', actionRow)`
        UPDATE app.status_message s SET action_after = now() + make_interval(secs => ${actionEveryMs / 1000})
        FROM (
          SELECT m.generation_id FROM app.status_message m JOIN app.generation g ON g.id = m.generation_id
          WHERE m.state = 'live' AND m.action_after <= now() AND g.status IN ('submitted', 'running')
          ORDER BY m.action_after LIMIT ${limit} FOR NO KEY UPDATE OF m SKIP LOCKED
        ) busy WHERE s.generation_id = busy.generation_id
        RETURNING s.chat_id AS "chatId"`);
    },
  };
}
