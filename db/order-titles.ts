import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** What an order was for, in the words that a list shows. */
export interface OrderTitle {
  readonly orderId: string;
  /** The pack of a top-up. */
  readonly packId: string | null;
  /** The beginning of a generation's prompt. */
  readonly promptExcerpt: string | null;
}

const titleRow = z.object({ orderId: z.string(), packId: z.string().nullable(), promptExcerpt: z.string().nullable() });

export type OrderTitles = ReturnType<typeof createOrderTitles>;

/** Titles of orders for lists of transactions, one query for a page. */
export function createOrderTitles(db: CommonQueryMethods) {
  return {
    /** Of a person's own orders among these ids; `payments` finds top-ups by the provider's id of their payment. */
    list(userId: string, orderIds: readonly string[]): Promise<readonly OrderTitle[]> {
      const ids = sql.array([...orderIds], 'uuid');
      return db.any(sql.prepared('order_titles', titleRow)`
        SELECT id AS "orderId", pack_id AS "packId", NULL AS "promptExcerpt" FROM app.topup
        WHERE id = ANY(${ids}) AND user_id = ${userId}
        UNION ALL
        SELECT id, NULL, prompt_excerpt FROM app.generation WHERE id = ANY(${ids}) AND user_id = ${userId}`);
    },
  };
}
