import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import type { TopupFailure, TopupStatus } from '../core/flows/topup.ts';
import { answers } from '../ledger/answers.ts';
import { legsJson } from '../core/pricing/legs-json.ts';
import type { SystemLeg } from '../core/pricing/topup-legs.ts';
import { askAgain } from './errors.ts';
import type { CommonQueryMethods } from './pool.ts';

export interface CreditTopup {
  readonly topupId: string;
  readonly paymentId: string;
  readonly key: string;
  readonly legs: readonly SystemLeg[];
  readonly cause: Cause;
  readonly eventAt: string;
  /** The share that the received money is worth, where that is not what the order grants. */
  readonly grantsMinor?: bigint;
}

const statusRow = z.object({ status: z.string() }) as unknown as z.ZodType<{ status: TopupStatus }>;
const creditRow = z.object({
  answer: z.intersection(
    z.union([answers.credit, z.object({ outcome: z.literal('refunded'), replayed: z.boolean() })]),
    z.object({ status: z.string() }),
  ),
});

export type TopupMoves = ReturnType<typeof createTopupMoves>;

/** The moves of a top-up, each one function of `db/flows/topup.sql` and one round trip. */
export function createTopupMoves(db: CommonQueryMethods) {
  return {
    /** The provider knows the payment: the order waits for it. */
    async awaitPayment(
      topupId: string,
      payment: { paymentId: string; payUrl?: string; expiresAt?: string },
    ): Promise<TopupStatus> {
      const { status } = await db.one(sql.prepared('topup_await', statusRow)`SELECT app.topup_await(${topupId}::uuid,
        ${payment.paymentId}, ${payment.payUrl ?? null}, ${payment.expiresAt ?? null}::timestamptz) AS status`);
      return status;
    },

    /**
     * Keeps how much of a payment has come while the rest is awaited, in the price's asset. Nothing once the order is
     * credited: the credit says what was received.
     */
    async noteReceived(topupId: string, receivedMinor: bigint): Promise<void> {
      await db.query(sql.prepared('topup_note_received', z.object({}))`UPDATE app.topup
        SET received_minor = ${receivedMinor}, updated_at = now()
        WHERE id = ${topupId}::uuid AND status <> 'credited' AND received_minor IS DISTINCT FROM ${receivedMinor}`);
    },

    /** Credits a paid payment; answers what the ledger says, with the order's status. */
    async credit(request: CreditTopup) {
      return askAgain(() =>
        db.oneFirst(sql.prepared('topup_credit', creditRow)`SELECT app.topup_credit(${request.topupId}::uuid,
          ${request.paymentId}, ${request.key}, ${legsJson(request.legs)}::jsonb,
          ${JSON.stringify(request.cause)}::jsonb, ${request.eventAt}::timestamptz,
          ${request.grantsMinor ?? null}::bigint) AS answer`),
      );
    },

    /** Ends the waiting without money, where that is legal; answers the status that stands. */
    async close(topupId: string, to: 'canceled' | 'expired', failure: TopupFailure): Promise<TopupStatus> {
      const { status } = await db.one(sql.prepared('topup_close', statusRow)`SELECT app.topup_close(${topupId}::uuid,
        ${to}, ${failure}) AS status`);
      return status;
    },

    /** Opens a case and, where legal, marks the order; answers the status that stands. */
    async flag(
      topupId: string,
      failure: TopupFailure,
      evidence: { workflowId: string; facts: object },
    ): Promise<TopupStatus> {
      const { status } = await db.one(sql.prepared('topup_flag', statusRow)`SELECT app.topup_flag(${topupId}::uuid,
        ${failure}, ${evidence.workflowId}, ${JSON.stringify(evidence.facts)}::jsonb) AS status`);
      return status;
    },
  };
}
