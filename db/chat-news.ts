import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** A fact that a person has not been told in the chat yet, with who they are. */
export interface ChatNews {
  readonly topic: string;
  readonly seq: bigint;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly userId: string;
  readonly telegramId: bigint;
  readonly language: string;
  readonly isBlocked: boolean;
  /** How long ago it happened. */
  readonly ageSeconds: number;
  /**
   * Of the order's own message in the chat, where it has one that tells this. The end of a star purchase that waited
   * for a person comes long after its message: it is news of its own.
   */
  readonly statusState: 'live' | 'done' | 'gone' | null;
}

export type NewsKey = Pick<ChatNews, 'topic' | 'seq'>;

const newsRow = z.object({
  topic: z.string(),
  seq: z.bigint(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
  userId: z.string(),
  telegramId: z.bigint(),
  language: z.string(),
  isBlocked: z.boolean(),
  ageSeconds: z.number(),
  statusState: z.enum(['live', 'done', 'gone']).nullable(),
});
const nothing = z.object({});

export type ChatNewsRows = ReturnType<typeof createChatNews>;

/** The outbox as the bot reads it: `pending -> sending -> sent | unsure | dropped`. */
export function createChatNews(db: CommonQueryMethods) {
  return {
    /** The oldest untold fact of each person, oldest first. What stands behind one that is being told waits for it. */
    pending(limit: number): Promise<readonly ChatNews[]> {
      return db.any(sql.prepared('news_pending', newsRow)`
        SELECT o.topic, o.seq, o.kind, o.data, o.user_id AS "userId", u.telegram_id AS "telegramId", u.language,
          u.chat_blocked_at IS NOT NULL AS "isBlocked",
          extract(epoch FROM now() - o.created_at)::float8 AS "ageSeconds",
          coalesce(s.state, CASE WHEN p.parked_count > 0 AND o.kind <> 'star_purchase.needs_attention' THEN NULL
            ELSE t.state END) AS "statusState"
        FROM app.outbox o
        JOIN app.users u ON u.id = o.user_id
        LEFT JOIN app.status_message s
          ON o.kind LIKE 'generation.%' AND s.generation_id = (o.data ->> 'generationId')::uuid
        LEFT JOIN app.star_purchase p
          ON o.kind LIKE 'star_purchase.%' AND p.id = (o.data ->> 'purchaseId')::uuid
        LEFT JOIN app.star_status_message t ON t.purchase_id = p.id
        WHERE o.state = 'pending' AND (o.send_after IS NULL OR o.send_after <= now())
          AND NOT EXISTS (SELECT 1 FROM app.outbox e
                          WHERE e.topic = o.topic AND e.seq < o.seq AND e.state IN ('pending', 'sending'))
        ORDER BY o.created_at LIMIT ${limit}`);
    },

    /** Just before the call leaves. False: somebody else has told it, or is telling it now. */
    async beginSending({ topic, seq }: NewsKey): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('news_sending', nothing)`UPDATE app.outbox
        SET state = 'sending', sending_at = now() WHERE topic = ${topic} AND seq = ${seq} AND state = 'pending'`);
      return rowCount === 1;
    },

    /** What became of it; from `pending` as well, for what no call is made for. */
    async end({ topic, seq }: NewsKey, state: 'sent' | 'unsure' | 'dropped'): Promise<void> {
      await db.query(sql.prepared('news_end', nothing)`UPDATE app.outbox SET state = ${state}
        WHERE topic = ${topic} AND seq = ${seq} AND state IN ('pending', 'sending')`);
    },

    /** It has certainly not been told: once more, later. `from`: whether we had begun; nobody else's turn is undone. */
    async postpone({ topic, seq }: NewsKey, way: { from: 'pending' | 'sending'; delayMs: number }): Promise<void> {
      await db.query(sql.prepared('news_postpone', nothing)`UPDATE app.outbox SET state = 'pending', sending_at = NULL,
          send_after = now() + make_interval(secs => ${way.delayMs / 1000})
        WHERE topic = ${topic} AND seq = ${seq} AND state = ${way.from}`);
    },

    /** What a process that is gone was about to tell: nobody knows whether it did. Answers how many there were. */
    async giveUpLost(olderThanMs: number): Promise<number> {
      const { rowCount } = await db.query(sql.prepared('news_lost', nothing)`UPDATE app.outbox SET state = 'unsure'
        WHERE state = 'sending' AND sending_at < now() - make_interval(secs => ${olderThanMs / 1000})`);
      return rowCount;
    },
  };
}
