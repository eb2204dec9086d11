import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import type { StarPurchaseCancel, StarPurchaseFailure, StarPurchaseStatus } from '../core/flows/star-purchase.ts';
import { type StarDecision, starDecisions, starPurchaseStatuses } from '../core/flows/star-purchase.ts';
import { starPaymentStates } from '../core/flows/wallet.ts';
import { answers } from '../ledger/answers.ts';
import { askAgain } from './errors.ts';
import type { CommonQueryMethods } from './pool.ts';

interface KeyedMove {
  readonly purchaseId: string;
  readonly key: string;
  readonly cause: Cause;
}

/** What Fragment's link asks our wallet to pay. */
export interface NewStarPayment {
  readonly id: string;
  readonly wallet: string;
  readonly requestId: string;
  readonly ref: string;
  readonly destination: string;
  readonly amountNano: bigint;
  /** The body of the transfer: base64 of its bag of cells. */
  readonly payload: string;
  readonly bodyHash: string;
  /** Unix seconds. */
  readonly validUntil: number;
}

const status = z.enum(starPurchaseStatuses);
const statusOf = z.object({ status });
const orderClosed = z.object({ outcome: z.literal('order_closed') });
const alreadyReserved = z.object({ outcome: z.literal('already_reserved') });
const paymentLive = z.object({ outcome: z.literal('payment_live') });

const row = {
  reserve: z.object({ answer: z.intersection(z.union([answers.reserve, orderClosed, alreadyReserved]), statusOf) }),
  prepare: z.object({
    answer: z.union([
      z.object({ outcome: z.literal('prepared'), state: z.enum(starPaymentStates), wallet: z.string() }),
      z.object({ outcome: z.enum(['price_moved', 'request_taken', 'order_closed']) }),
    ]),
  }),
  live: z.object({ state: z.enum(starPaymentStates), wallet: z.string() }),
  drop: z.object({ outcome: z.enum(['dropped', 'signed']) }),
  deliver: z.object({ answer: z.intersection(z.union([answers.capture, orderClosed]), statusOf) }),
  fail: z.object({ answer: z.intersection(z.union([answers.release, orderClosed, paymentLive]), statusOf) }),
  cancel: z.object({
    answer: z.intersection(z.object({ outcome: z.enum(['canceled', 'already_signed', 'already_finished']) }), statusOf),
  }),
  status: statusOf,
  standing: z.object({
    standing: z.object({ status, round: z.number(), decision: z.enum(starDecisions).optional() }),
  }),
  decide: z.object({
    outcome: z.enum(['applied', 'needs_second', 'already_decided', 'not_for_you', 'not_parked', 'not_possible']),
  }),
};

export type StarPurchaseMoves = ReturnType<typeof createStarPurchaseMoves>;

/** The moves of a star purchase, each one function of `db/flows/star-purchase.sql` and one round trip. */
export function createStarPurchaseMoves(db: CommonQueryMethods) {
  return {
    reserve: ({ purchaseId, key, ttlMs, cause }: KeyedMove & { ttlMs: number }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('star_purchase_reserve', row.reserve)`SELECT app.star_purchase_reserve(
          ${purchaseId}::uuid, ${key}, make_interval(secs => ${ttlMs / 1000}),
          ${JSON.stringify(cause)}::jsonb) AS answer`),
      ),

    /** The payment that is prepared, signed or paid; null when there is none. */
    livePayment: (purchaseId: string) =>
      db.maybeOne(sql.prepared('star_payment_live', row.live)`SELECT state, wallet FROM app.star_payment
        WHERE purchase_id = ${purchaseId} AND state IN ('prepared', 'signed', 'paid')`),

    /** Stores the payment, or answers that the order has one, that it costs too much, or that the order is over. */
    preparePayment: (purchaseId: string, payment: NewStarPayment) =>
      db.oneFirst(sql.prepared('star_payment_prepare', row.prepare)`SELECT app.star_payment_prepare(
        ${purchaseId}::uuid,
        ${JSON.stringify({ ...payment, amountNano: payment.amountNano.toString() })}::jsonb) AS answer`),

    /** Takes back a payment that nothing was signed for; `signed` when it is too late. */
    dropPayment: (purchaseId: string) =>
      db.oneFirst(sql.prepared('star_payment_drop', row.drop)`
        SELECT app.star_payment_drop(${purchaseId}::uuid) AS outcome`),

    deliver: (move: KeyedMove & { holdKey: string }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('star_purchase_deliver', row.deliver)`SELECT app.star_purchase_deliver(
          ${move.purchaseId}::uuid, ${move.key}, ${move.holdKey}, ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    fail: (
      move: KeyedMove & { holdKey: string; failure: StarPurchaseFailure; detail: string | null; decided: boolean },
    ) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('star_purchase_fail', row.fail)`SELECT app.star_purchase_fail(
          ${move.purchaseId}::uuid, ${move.key}, ${move.holdKey}, ${move.failure}, ${move.detail}, ${move.decided},
          ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    cancel: (move: KeyedMove & { holdKey: string }): Promise<StarPurchaseCancel & { status: StarPurchaseStatus }> =>
      askAgain(() =>
        db.oneFirst(sql.prepared('star_purchase_cancel', row.cancel)`SELECT app.star_purchase_cancel(
          ${move.purchaseId}::uuid, ${move.key}, ${move.holdKey}, ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    /** Parks an order that nobody here can decide, with a case for a person; answers the status that stands. */
    park: (purchaseId: string, workflowId: string, evidence: object) =>
      db.oneFirst(sql.prepared('star_purchase_park', row.status)`SELECT app.star_purchase_park(${purchaseId}::uuid,
        ${workflowId}, ${JSON.stringify(evidence)}::jsonb) AS status`),

    /** Asks operators anew, with the reason, when what they decided about a parking could not be carried out. */
    parkAgain: (purchaseId: string, again: { workflowId: string; round: number; evidence: object }) =>
      db.oneFirst(sql.prepared('star_purchase_park_again', row.status)`SELECT app.star_purchase_park_again(
        ${purchaseId}::uuid, ${again.workflowId}, ${again.round}, ${JSON.stringify(again.evidence)}::jsonb) AS status`),

    /** How an order stands, and what has been decided about its parking. */
    standing: (purchaseId: string) =>
      db.oneFirst(sql.prepared('star_purchase_standing', row.standing)`
        SELECT app.star_purchase_standing(${purchaseId}::uuid) AS standing`),

    /** Records an operator's decision; `applied` when enough operators have said the same. */
    decide: (purchaseId: string, vote: { operatorId: string; decision: StarDecision; reason: string }) =>
      db.oneFirst(sql.prepared('star_purchase_decide', row.decide)`SELECT app.star_purchase_decide(
        ${purchaseId}::uuid, ${vote.operatorId}::uuid, ${vote.decision},
        ${vote.reason}) AS outcome`),

    /** Takes a parked order up again; answers the status that stands: it may have to stay parked. */
    resume: (purchaseId: string) =>
      db.oneFirst(sql.prepared('star_purchase_resume', row.status)`
        SELECT app.star_purchase_resume(${purchaseId}::uuid) AS status`),
  };
}
