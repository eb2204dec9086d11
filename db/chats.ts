import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

const nothing = z.object({});
const fileRow = z.object({ fileId: z.string() });

export type Chats = ReturnType<typeof createChats>;

/** What we know of the private chats that the bot writes to. A private chat has its person's number. */
export function createChats(db: CommonQueryMethods) {
  return {
    /** Telegram said that nothing can be written to a person; nothing is tried until they come back. */
    async markBlocked(chatId: number): Promise<void> {
      await db.query(sql.prepared('chat_blocked', nothing)`UPDATE app.users SET chat_blocked_at = now()
        WHERE telegram_id = ${chatId} AND chat_blocked_at IS NULL`);
    },

    /** The person has shown up again. */
    async markOpen(chatId: number): Promise<void> {
      await db.query(sql.prepared('chat_open', nothing)`UPDATE app.users SET chat_blocked_at = NULL
        WHERE telegram_id = ${chatId} AND chat_blocked_at IS NOT NULL`);
    },

    /** The id under which a bot has uploaded a picture before. */
    async fileId(botId: number, blobKey: string): Promise<string | undefined> {
      const found = await db.maybeOne(sql.prepared('telegram_file', fileRow)`
        SELECT file_id AS "fileId" FROM app.telegram_file WHERE blob_key = ${blobKey} AND bot_id = ${botId}`);
      return found?.fileId;
    },

    async keepFileId(botId: number, blobKey: string, fileId: string): Promise<void> {
      await db.query(sql.prepared('telegram_file_keep', nothing)`
        INSERT INTO app.telegram_file (blob_key, bot_id, file_id) VALUES (${blobKey}, ${botId}, ${fileId})
        ON CONFLICT (blob_key, bot_id) DO UPDATE SET file_id = EXCLUDED.file_id, created_at = now()`);
    },

    /** Telegram does not know the id any more. */
    async forgetFileId(botId: number, blobKey: string): Promise<void> {
      await db.query(sql.prepared('telegram_file_forget', nothing)`
        DELETE FROM app.telegram_file WHERE blob_key = ${blobKey} AND bot_id = ${botId}`);
    },
  };
}
