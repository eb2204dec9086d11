import type { Moves } from './flow.ts';

/*
 * A refund of one charge: what the person received for it is taken back first, then the money returns.
 *
 *   accepted -> returning -> refunded
 *            -> needs_attention -> accepted      the credits are spent: a person decides
 *
 * Ledger: `reverse` of the credit goes with the move to `returning`; no other move touches our books.
 */

export const refundStatuses = ['accepted', 'returning', 'refunded', 'needs_attention'] as const;
export type RefundStatus = (typeof refundStatuses)[number];

export const refundMoves: Moves<RefundStatus> = {
  accepted: ['returning', 'needs_attention'],
  needs_attention: ['accepted'],
  returning: ['refunded'],
  refunded: [],
};

/** Who wanted it: our operator, ourselves for a charge too many, or Telegram, which has returned the money already. */
export type RefundReason = 'operator' | 'second_payment' | 'returned_by_provider';

export interface RefundInput {
  readonly refundId: string;
  readonly provider: string;
}

export type RefundEnd = { readonly status: RefundStatus };

/** The id of a refund's workflow, from which its ledger keys are made. */
export function refundWorkflowId(refundId: string): string {
  return `refund/${refundId}`;
}
