import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

const nothing = z.object({});

export type Referrals = ReturnType<typeof createReferrals>;

/** Who brought whom. */
export function createReferrals(db: CommonQueryMethods) {
  return {
    /**
     * Writes down who brought a person, by the inviter's Telegram id: once, never oneself, and only with the first that
     * we ever hear from the person, so that nobody is brought who was here before.
     */
    async record(userId: string, inviterTelegramId: bigint): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('referral_record', nothing)`
        INSERT INTO app.referral (user_id, inviter_id)
        SELECT u.id, inviter.id FROM app.users u, app.users inviter
        WHERE u.id = ${userId} AND u.created_at > now() - interval '1 minute'
          AND inviter.telegram_id = ${inviterTelegramId} AND inviter.id <> u.id
          AND NOT EXISTS (SELECT 1 FROM app.bot_session s WHERE s.chat_id = u.telegram_id)
          AND NOT EXISTS (SELECT 1 FROM app.referral r WHERE r.user_id = inviter.id AND r.inviter_id = u.id)
        ON CONFLICT (user_id) DO NOTHING`);
      return rowCount === 1;
    },
  };
}
