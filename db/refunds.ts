import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import { type RefundReason, type RefundStatus, refundStatuses } from '../core/flows/refund.ts';
import { askAgain } from './errors.ts';
import type { CommonQueryMethods } from './pool.ts';

export interface Refund {
  readonly id: string;
  readonly chargeId: string;
  readonly provider: string;
  readonly topupId: string | null;
  readonly userId: string | null;
  readonly status: RefundStatus;
  readonly reason: RefundReason;
  readonly forced: boolean;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly takenBackMinor: bigint | null;
  readonly writtenOffMinor: bigint | null;
  /** When the provider said by itself that the money has gone back. */
  readonly confirmedAt: string | null;
}

const status = z.enum(refundStatuses);
const statusRow = z.object({ status });
const askedRow = z.object({ answer: z.object({ refundId: z.string(), status }).nullable() });
const refundRow = z.object({
  id: z.string(),
  chargeId: z.string(),
  provider: z.string(),
  topupId: z.string().nullable(),
  userId: z.string().nullable(),
  status,
  reason: z.enum(['operator', 'second_payment', 'returned_by_provider']),
  forced: z.boolean(),
  amountMinor: z.bigint(),
  currency: z.string(),
  takenBackMinor: z.bigint().nullable(),
  writtenOffMinor: z.bigint().nullable(),
  confirmedAt: z.string().nullable(),
});

export type Refunds = ReturnType<typeof createRefunds>;

/** Refunds of charges, each move one function of `db/flows/refund.sql` and one round trip. */
export function createRefunds(db: CommonQueryMethods) {
  return {
    /** Asks for the refund of a charge, or opens a stopped one again; null when there is no such charge. */
    ask(request: { chargeId: string; reason: RefundReason; by: string; forced: boolean }) {
      return db.oneFirst(sql.prepared('refund_ask', askedRow)`SELECT app.refund_ask(${request.chargeId},
        ${request.reason}, ${request.by}, ${request.forced}) AS answer`);
    },

    get(id: string): Promise<Refund | null> {
      return db.maybeOne(sql.prepared('refund_get', refundRow)`
        SELECT r.id, r.charge_id AS "chargeId", r.provider, r.topup_id AS "topupId", r.user_id AS "userId", r.status,
          r.reason, r.forced, p.amount_minor AS "amountMinor", p.currency, r.taken_back_minor AS "takenBackMinor",
          r.written_off_minor AS "writtenOffMinor", r.confirmed_at AS "confirmedAt"
        FROM app.refund r JOIN app.telegram_payment p ON p.charge_id = r.charge_id WHERE r.id = ${id}`);
    },

    /** Takes back what the charge credited, under the key; answers the status that stands. */
    takeBack(id: string, key: string, cause: Cause): Promise<RefundStatus> {
      return askAgain(() =>
        db.oneFirst(sql.prepared('refund_take_back', statusRow)`SELECT app.refund_take_back(${id}::uuid, ${key},
          ${JSON.stringify(cause)}::jsonb) AS status`),
      );
    },

    /** The money is back with the person, who is told; answers the status that stands. */
    finish(id: string): Promise<RefundStatus> {
      return db.oneFirst(sql.prepared('refund_finish', statusRow)`SELECT app.refund_finish(${id}::uuid) AS status`);
    },
  };
}
