import { sql } from 'slonik';
import { z } from 'zod';
import { generationWorkflowId } from '../core/flows/generation.ts';
import { orderKinds } from '../core/flows/order-kinds.ts';
import { refundWorkflowId } from '../core/flows/refund.ts';
import { starPurchaseWorkflowId } from '../core/flows/star-purchase.ts';
import { topupWorkflowId } from '../core/flows/topup.ts';
import type { CommonQueryMethods } from './pool.ts';

const orderRow = z.object({
  kind: z.enum(orderKinds),
  id: z.string(),
  /** What `explain` knows the order by: of a refund the top-up that it returns. */
  storyId: z.string(),
  title: z.string(),
  status: z.string(),
  amountMinor: z.string(),
  asset: z.string(),
  createdAt: z.string(),
  /** The living message of the chat that shows it, where there is one. */
  messageId: z.number().nullable(),
});

/** An order as a developer's list shows it: amounts in minor units as text, times in RFC 3339 UTC. */
export type RecentOrder = z.infer<typeof orderRow> & { readonly workflowId: string };

const workflowIds = {
  topup: topupWorkflowId,
  generation: generationWorkflowId,
  refund: refundWorkflowId,
  'star-purchase': starPurchaseWorkflowId,
};

/** The last orders of the person with this Telegram id, the newest first. Needs the owner's rights. */
export async function readRecentOrders(
  db: CommonQueryMethods,
  telegramId: number,
  limit: number,
): Promise<readonly RecentOrder[]> {
  const rows = await db.any(sql.type(orderRow)`
    SELECT o.kind, o.id, o."storyId", o.title, o.status, o."amountMinor", o.asset, o.created_at AS "createdAt",
      o."messageId"
    FROM app.users u, LATERAL (
      SELECT 'topup' AS kind, id, id::text AS "storyId", title, status, price_minor::text AS "amountMinor",
        price_asset AS asset, created_at, NULL::float8 AS "messageId"
      FROM app.topup WHERE user_id = u.id
      UNION ALL
      SELECT 'generation', g.id, g.id::text, g.prompt_excerpt, g.status, g.price_minor::text, g.price_asset,
        g.created_at, m.message_id::float8
      FROM app.generation g LEFT JOIN app.status_message m ON m.generation_id = g.id AND m.chat_id = u.telegram_id
      WHERE g.user_id = u.id
      UNION ALL
      SELECT 'refund', r.id, r.topup_id::text, t.title, r.status, p.amount_minor::text, p.currency, r.created_at, NULL
      FROM app.refund r JOIN app.topup t ON t.id = r.topup_id
        JOIN app.telegram_payment p ON p.charge_id = r.charge_id
      WHERE r.user_id = u.id
      UNION ALL
      SELECT 'star-purchase', s.id, s.id::text, format('%s %s for @%s', s.quantity, s.kind, s.recipient), s.status,
        s.price_minor::text, s.price_asset, s.created_at, m.message_id::float8
      FROM app.star_purchase s
        LEFT JOIN app.star_status_message m ON m.purchase_id = s.id AND m.chat_id = u.telegram_id
      WHERE s.user_id = u.id
    ) o
    WHERE u.telegram_id = ${telegramId}
    ORDER BY o.created_at DESC, o.id LIMIT ${limit}`);
  return rows.map((row) => ({ ...row, workflowId: workflowIds[row.kind](row.id) }));
}
