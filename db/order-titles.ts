import { sql } from 'slonik';
import { z } from 'zod';
import { boughtStars, type BoughtStars } from './bought-stars.ts';
import type { CommonQueryMethods } from './pool.ts';

/** What an order was for, in the words that a list shows. */
export interface OrderTitle {
  /** The order's id, or the provider's id of its payment: what it was asked for by. */
  readonly reference: string;
  /** The pack's title as it was sold, or the beginning of the prompt; null where `stars` says it. */
  readonly title: string | null;
  /** What was bought for whom, of a purchase of Stars or Premium. */
  readonly stars: BoughtStars | null;
}

const titleRow = z.object({ reference: z.string(), title: z.string().nullable(), stars: boughtStars.nullable() });

export type OrderTitles = ReturnType<typeof createOrderTitles>;

/** Titles of orders for lists of transactions, one query for a page. */
export function createOrderTitles(db: CommonQueryMethods) {
  return {
    /** Of a person's own orders among these ids, and of their top-ups among these payments. */
    list(
      userId: string,
      wanted: { orderIds: readonly string[]; paymentIds: readonly string[] },
    ): Promise<readonly OrderTitle[]> {
      const orderIds = sql.array([...wanted.orderIds], 'uuid');
      const paymentIds = sql.array([...wanted.paymentIds], 'text');
      return db.any(sql.prepared('order_titles', titleRow)`
        SELECT id::text AS reference, title, NULL::jsonb AS stars
        FROM app.topup WHERE id = ANY(${orderIds}) AND user_id = ${userId}
        UNION ALL
        SELECT payment_id, title, NULL FROM app.topup WHERE payment_id = ANY(${paymentIds}) AND user_id = ${userId}
        UNION ALL
        SELECT id::text, prompt_excerpt, NULL FROM app.generation WHERE id = ANY(${orderIds}) AND user_id = ${userId}
        UNION ALL
        SELECT id::text, NULL, jsonb_build_object('kind', kind, 'quantity', quantity, 'recipient', recipient)
        FROM app.star_purchase WHERE id = ANY(${orderIds}) AND user_id = ${userId}`);
    },
  };
}
