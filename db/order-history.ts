import { sql } from 'slonik';
import { z } from 'zod';
import { type StarItemKind, starItemKinds } from '../core/flows/star-purchase.ts';
import type { CommonQueryMethods } from './pool.ts';

const historyRow = z.object({
  kind: z.enum(['generation', 'star_purchase']),
  id: z.string(),
  status: z.string(),
  createdAt: z.string(),
  promptExcerpt: z.string().nullable(),
  item: z.enum(starItemKinds).nullable(),
  quantity: z.number().nullable(),
  recipient: z.string().nullable(),
}) as unknown as z.ZodType<OrderLine>;

interface CommonLine {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
}

/** An order as a list of orders shows it. */
export type OrderLine =
  | (CommonLine & { readonly kind: 'generation'; readonly promptExcerpt: string })
  | (CommonLine & {
      readonly kind: 'star_purchase';
      readonly item: StarItemKind;
      readonly quantity: number;
      readonly recipient: string;
    });

export type OrderHistory = ReturnType<typeof createOrderHistory>;

/** What a person has ordered, of all kinds together. */
export function createOrderHistory(db: CommonQueryMethods) {
  return {
    /**
     * A person's pictures and purchases of Stars, newest first, as they stand now; `beforeId` is the last one of the
     * page before, and an id of nothing of theirs begins at the top (S14).
     */
    list(page: { userId: string; limit: number; beforeId?: string }): Promise<readonly OrderLine[]> {
      const { userId, limit, beforeId = null } = page;
      const older = sql.fragment`user_id = ${userId} AND (created_at, id) < (SELECT at, id FROM edge)`;
      return db.any(sql.prepared('order_history', historyRow)`
        WITH known AS (
          SELECT created_at, id FROM app.generation WHERE id = ${beforeId}::uuid AND user_id = ${userId}
          UNION ALL SELECT created_at, id FROM app.star_purchase WHERE id = ${beforeId}::uuid AND user_id = ${userId}
        ), edge AS (
          SELECT coalesce((SELECT created_at FROM known), 'infinity') AS at,
            coalesce((SELECT id FROM known), 'ffffffff-ffff-ffff-ffff-ffffffffffff') AS id
        )
        SELECT kind, id, status, created_at AS "createdAt", "promptExcerpt", item, quantity, recipient FROM (
          (SELECT 'generation' AS kind, id, status, created_at, prompt_excerpt AS "promptExcerpt", NULL AS item,
             NULL::integer AS quantity, NULL AS recipient
           FROM app.generation WHERE ${older} ORDER BY created_at DESC, id DESC LIMIT ${limit})
          UNION ALL
          (SELECT 'star_purchase', id, status, created_at, NULL, kind, quantity, recipient
           FROM app.star_purchase WHERE ${older} ORDER BY created_at DESC, id DESC LIMIT ${limit})
        ) orders ORDER BY created_at DESC, id DESC LIMIT ${limit}`);
    },
  };
}
