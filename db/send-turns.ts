import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** A message that wants to leave. */
export interface TurnRequest {
  readonly chatId: number;
  /** How many messages it counts as in its chat. */
  readonly weight: number;
  readonly priority: 'reply' | 'notice' | 'bulk';
  readonly limits: {
    readonly atOnceMax: number;
    readonly windowMs: number;
    readonly chatBurst: number;
    readonly chatEveryMs: number;
  };
}

/** `waitMs` 0: it may leave, and is counted. Otherwise its chat waits so long, or everybody. */
export type SendTurn = z.infer<typeof turnRow>;

const turnRow = z.object({ scope: z.enum(['all', 'chat']), waitMs: z.number() });
const nothing = z.object({});

export type SendTurns = ReturnType<typeof createSendTurns>;

/** The turns of messages to Telegram, which all bot processes take from one count (`db/flows/send-turn.sql`). */
export function createSendTurns(db: CommonQueryMethods) {
  return {
    take({ chatId, weight, priority, limits }: TurnRequest): Promise<SendTurn> {
      return db.one(sql.prepared('send_turn', turnRow)`SELECT scope, wait_ms AS "waitMs"
        FROM app.send_turn(${chatId}::bigint, ${weight}::int, ${priority}, ${limits.atOnceMax}::int,
          ${limits.windowMs}::float8, ${limits.chatBurst}::int, ${limits.chatEveryMs}::float8)`);
    },

    /** Stops a chat, or without one everything, for all processes. */
    async pause(chatId: number | undefined, forMs: number): Promise<void> {
      await db.query(sql.prepared('send_pause', nothing)`SELECT app.send_pause(${chatId ?? null}::bigint,
        ${forMs}::float8)`);
    },
  };
}
