import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods, DatabasePool } from './pool.ts';

/** One create request to a payment provider, as its exact bytes. */
export interface PaymentRequest {
  readonly key: string;
  readonly topupId: string;
  readonly attempt: number;
  readonly body: string;
  readonly outcome: 'sending' | 'done' | 'refused' | 'given_up';
  /** By the database's clock, so that a machine with a wrong one does not reuse a key that has lapsed. */
  readonly ageMs: number;
  readonly firstSentAt: string;
}

const requestRow = z.object({
  key: z.string(),
  topupId: z.string(),
  attempt: z.number(),
  body: z.string(),
  outcome: z.enum(['sending', 'done', 'refused', 'given_up']),
  ageMs: z.number(),
  firstSentAt: z.string(),
});

const columns = sql.fragment`key, topup_id AS "topupId", attempt, body, outcome,
  extract(epoch FROM clock_timestamp() - first_sent_at)::float8 * 1000 AS "ageMs", first_sent_at AS "firstSentAt"`;

export type PaymentRequests = ReturnType<typeof createPaymentRequests>;

/** The create requests of top-ups, the latest attempt first. */
export function createPaymentRequests(db: DatabasePool) {
  return {
    async latest(topupId: string): Promise<PaymentRequest | null> {
      return latestOf(db, topupId);
    },

    /** Stores the bytes of an attempt before it is first sent, and moves `accepted` to `creating` with the first. */
    async prepare(request: { key: string; topupId: string; attempt: number; body: string }): Promise<PaymentRequest> {
      return db.transaction(async (transaction) => {
        await transaction.query(sql.unsafe`UPDATE app.topup SET status = 'creating', updated_at = now()
          WHERE id = ${request.topupId} AND status = 'accepted'`);
        await transaction.query(sql.unsafe`UPDATE app.payment_request SET outcome = 'given_up'
          WHERE topup_id = ${request.topupId} AND attempt < ${request.attempt} AND outcome = 'sending'`);
        await transaction.query(sql.unsafe`INSERT INTO app.payment_request (key, topup_id, attempt, body)
          VALUES (${request.key}, ${request.topupId}, ${request.attempt}, ${request.body}) ON CONFLICT DO NOTHING`);
        const stored = await latestOf(transaction, request.topupId);
        if (!stored) throw new Error(`no payment request of ${request.topupId}`);
        return stored;
      });
    },

    async finish(key: string, outcome: 'done' | 'refused'): Promise<void> {
      await db.query(sql.unsafe`UPDATE app.payment_request SET outcome = ${outcome} WHERE key = ${key}`);
    },
  };
}

function latestOf(db: CommonQueryMethods, topupId: string): Promise<PaymentRequest | null> {
  return db.maybeOne(sql.type(requestRow)`SELECT ${columns} FROM app.payment_request
    WHERE topup_id = ${topupId} ORDER BY attempt DESC LIMIT 1`);
}
