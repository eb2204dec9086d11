import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** The message of a chat that shows the present screen. */
export interface LivingMessage {
  readonly messageId: number;
  readonly kind: 'text' | 'picture';
}

/** What the bot knows of a chat. `data` is empty once half an hour has passed. */
export interface BotSession {
  readonly data: Readonly<Record<string, unknown>>;
  readonly living: LivingMessage | undefined;
}

const sessionRow = z.object({
  data: z.record(z.string(), z.unknown()),
  livingMessageId: z.bigint().nullable(),
  livingKind: z.enum(['text', 'picture']).nullable(),
});
const nothing = z.object({});

export type BotSessions = ReturnType<typeof createBotSessions>;

/** Sessions of chats: where a person stands, for half an hour, and which message is the living one. */
export function createBotSessions(db: CommonQueryMethods) {
  return {
    async get(chatId: number): Promise<BotSession> {
      const row = await db.maybeOne(sql.prepared('bot_session_get', sessionRow)`
        SELECT CASE WHEN updated_at > now() - interval '30 minutes' THEN data ELSE '{}' END AS data,
               living_message_id AS "livingMessageId", living_kind AS "livingKind"
        FROM app.bot_session WHERE chat_id = ${chatId}`);
      if (row === null) return { data: {}, living: undefined };
      const { data, livingMessageId, livingKind } = row;
      const living =
        livingMessageId === null || livingKind === null
          ? undefined
          : { messageId: Number(livingMessageId), kind: livingKind };
      return { data, living };
    },

    async set(chatId: number, session: BotSession): Promise<void> {
      await db.query(sql.prepared('bot_session_set', nothing)`
        INSERT INTO app.bot_session (chat_id, data, living_message_id, living_kind)
        VALUES (${chatId}, ${JSON.stringify(session.data)}::jsonb, ${session.living?.messageId ?? null},
                ${session.living?.kind ?? null})
        ON CONFLICT (chat_id) DO UPDATE SET data = EXCLUDED.data, living_message_id = EXCLUDED.living_message_id,
          living_kind = EXCLUDED.living_kind, updated_at = now()`);
    },
  };
}
