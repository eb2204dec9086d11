import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** The living message of a star purchase that has moved since it was last edited. */
export interface StarStatusMessage {
  readonly purchaseId: string;
  readonly chatId: bigint;
  readonly messageId: bigint;
  readonly userId: string;
  readonly language: string;
}

const messageRow = z.object({
  purchaseId: z.string(),
  chatId: z.bigint(),
  messageId: z.bigint(),
  userId: z.string(),
  language: z.string(),
});
const nothing = z.object({});

/** How long nobody else touches a message that is being edited. */
const leaseMs = 10_000;

export type StarStatusMessages = ReturnType<typeof createStarStatusMessages>;

/** The messages of star purchases in chats. Several processes may edit: each turn is taken by one of them. */
export function createStarStatusMessages(db: CommonQueryMethods) {
  return {
    /** Makes a message the one of its purchase; it is kept up to date from now on. `shown`: the status in it. */
    async add(message: { purchaseId: string; chatId: number; messageId: number; shown: string }): Promise<void> {
      await db.query(sql.prepared('star_status_add', nothing)`
        INSERT INTO app.star_status_message (purchase_id, chat_id, message_id, shown)
        VALUES (${message.purchaseId}, ${message.chatId}, ${message.messageId}, ${message.shown})
        ON CONFLICT (purchase_id) DO NOTHING`);
    },

    /** Takes the messages that show yesterday's news, for `leaseMs`. */
    takeChanged(limit: number): Promise<readonly StarStatusMessage[]> {
      return db.any(sql.prepared('star_status_changed', messageRow)`
        UPDATE app.star_status_message s SET edit_after = now() + make_interval(secs => ${leaseMs / 1000})
        FROM (
          SELECT m.purchase_id, p.user_id, u.language
          FROM app.star_status_message m JOIN app.star_purchase p ON p.id = m.purchase_id
          JOIN app.users u ON u.id = p.user_id
          WHERE m.state = 'live' AND m.shown IS DISTINCT FROM p.status AND m.edit_after <= now()
          ORDER BY m.edit_after LIMIT ${limit} FOR NO KEY UPDATE OF m SKIP LOCKED
        ) changed WHERE s.purchase_id = changed.purchase_id
        RETURNING s.purchase_id AS "purchaseId", s.chat_id AS "chatId", s.message_id AS "messageId",
          changed.user_id AS "userId", changed.language`);
    },

    /** The message shows this now; its next edit may come after `restMs`. `done`: there will be none. */
    async edited(purchaseId: string, now: { shown: string; restMs: number; isDone: boolean }): Promise<void> {
      await db.query(sql.prepared('star_status_edited', nothing)`UPDATE app.star_status_message
        SET shown = ${now.shown}, edit_after = now() + make_interval(secs => ${now.restMs / 1000}),
          state = CASE WHEN ${now.isDone} THEN 'done' ELSE state END
        WHERE purchase_id = ${purchaseId} AND state = 'live'`);
    },

    /** The edit did not come about; once more after a while. */
    async postpone(purchaseId: string, delayMs: number): Promise<void> {
      await db.query(sql.prepared('star_status_postpone', nothing)`UPDATE app.star_status_message
        SET edit_after = now() + make_interval(secs => ${delayMs / 1000}) WHERE purchase_id = ${purchaseId}`);
    },

    /** It cannot be edited any more: news of the purchase go out as messages of their own. */
    async lose(purchaseId: string): Promise<void> {
      await db.query(sql.prepared('star_status_lose', nothing)`UPDATE app.star_status_message
        SET state = 'gone' WHERE purchase_id = ${purchaseId} AND state = 'live'`);
    },
  };
}
