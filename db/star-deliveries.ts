import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** The paid payment of a purchase, as its delivery is looked for. */
export interface PaidPayment {
  readonly paymentId: string;
  readonly requestId: string;
  readonly boc: Buffer;
  readonly amountNano: bigint;
  /** When its message was signed: no delivery can be older. */
  readonly signedAt: string;
  /** The line of the provider's history that speaks of it, once one has been found. */
  readonly deliveryKey: string | null;
}

const paidRow = z.object({
  paymentId: z.string(),
  requestId: z.string(),
  boc: z.instanceof(Buffer),
  amountNano: z.bigint(),
  signedAt: z.string(),
  deliveryKey: z.string().nullable(),
});

/** A payment like another, which has no line although a person has said that it was delivered. */
export interface SpokenFor {
  readonly amountNano: bigint;
  readonly signedAt: string;
  /** When that was said, by our clock: its delivery cannot be younger. */
  readonly endedAt: string;
}

const spokenForRow = z.object({ amountNano: z.bigint(), signedAt: z.string(), endedAt: z.string() });
const claimedRow = z.object({ deliveryKey: z.string() });

export type StarDeliveries = ReturnType<typeof createStarDeliveries>;

/** Which line of the provider's history speaks of which of our payments. */
export function createStarDeliveries(db: CommonQueryMethods) {
  return {
    /** The payment of a purchase that the chain has confirmed; null when none has been. */
    paidPayment(purchaseId: string): Promise<PaidPayment | null> {
      return db.maybeOne(sql.prepared('star_paid_payment', paidRow)`
        SELECT p.id AS "paymentId", p.request_id AS "requestId", m.boc, p.amount_nano AS "amountNano",
          m.signed_at AS "signedAt", p.delivery_key AS "deliveryKey"
        FROM app.star_payment p JOIN app.wallet_message m ON m.id = p.message_id
        WHERE p.purchase_id = ${purchaseId} AND p.state = 'paid'`);
    },

    /** Of these lines, the ones that speak of a payment of ours already. */
    async claimed(keys: readonly string[]): Promise<ReadonlySet<string>> {
      return new Set(
        await db.anyFirst(sql.prepared('star_deliveries_claimed', claimedRow)`
          SELECT delivery_key AS "deliveryKey" FROM app.star_payment
          WHERE delivery_key = ANY (${sql.array([...keys], 'text')})`),
      );
    },

    /**
     * The payments for the same thing and recipient as a purchase's that people have called delivered without a line,
     * at this moment (RFC 3339) or later: one line each may be theirs. Also those that the chain has not decided yet.
     */
    async spokenFor(purchaseId: string, calledSince: string): Promise<readonly SpokenFor[]> {
      return db.any(sql.prepared('star_deliveries_spoken_for', spokenForRow)`
        SELECT p.amount_nano AS "amountNano", m.signed_at AS "signedAt", other.ended_at AS "endedAt"
        FROM app.star_purchase ours
        JOIN app.star_purchase other ON other.provider = ours.provider AND other.kind = ours.kind
          AND other.quantity = ours.quantity AND lower(other.recipient) = lower(ours.recipient)
        JOIN app.star_payment p ON p.purchase_id = other.id AND p.state IN ('signed', 'paid')
          AND p.delivery_key IS NULL
        JOIN app.wallet_message m ON m.id = p.message_id
        WHERE ours.id = ${purchaseId} AND other.id <> ours.id AND other.status = 'delivered'
          AND other.ended_at >= ${calledSince}
        ORDER BY other.ended_at, m.signed_at`);
    },

    /** Takes a line for a payment; false when another payment has taken it meanwhile. */
    async claim(paymentId: string, key: string): Promise<boolean> {
      const { rowCount } = await db.query(sql.prepared('star_delivery_claim', z.object({}))`
        UPDATE app.star_payment SET delivery_key = ${key}
        WHERE id = ${paymentId} AND delivery_key IS NULL
          AND NOT EXISTS (SELECT 1 FROM app.star_payment WHERE delivery_key = ${key})`);
      return rowCount === 1;
    },
  };
}
