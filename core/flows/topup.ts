import type { MoneyJson } from '../money.ts';
import type { Moves } from './flow.ts';

/*
 * A top-up: a person pays roubles at a provider and receives credits.
 *
 *   accepted -> creating -> awaiting_payment -> credited
 *                                            -> canceled | expired   (and credited all the same, if money comes late)
 *
 * Ledger: `credit` goes with every move to `credited`; no other move touches money.
 */

export const topupStatuses = [
  'accepted',
  'creating',
  'awaiting_payment',
  'credited',
  'canceled',
  'expired',
  'needs_attention',
] as const;
export type TopupStatus = (typeof topupStatuses)[number];

export const topupMoves: Moves<TopupStatus> = {
  accepted: ['creating', 'canceled', 'needs_attention'],
  creating: ['awaiting_payment', 'credited', 'canceled', 'needs_attention'],
  awaiting_payment: ['credited', 'canceled', 'expired', 'needs_attention'],
  canceled: ['credited', 'needs_attention'],
  expired: ['credited', 'canceled', 'needs_attention'],
  needs_attention: ['credited', 'canceled'],
  credited: [],
};

/** Why a top-up ended without credit, or waits for a person. */
export type TopupFailure =
  | 'provider_refused'
  | 'payment_canceled'
  | 'canceled_by_user'
  | 'not_paid_in_time'
  | 'amount_mismatch'
  | 'wrong_shop'
  | 'wrong_reference'
  | 'test_payment_in_live_mode'
  | 'held_by_provider'
  | 'payment_returned'
  | 'unresolved';

/** Ids and amounts only: the quote is frozen in the row and named by its catalogue's version. */
export interface TopupInput {
  readonly topupId: string;
  readonly userId: string;
  readonly provider: string;
  readonly catalogueVersion: string;
  readonly price: MoneyJson;
  readonly grants: MoneyJson;
}

/** The answer to `place`: what the person sees first. */
export type TopupPlaced =
  | { readonly status: 'awaiting_payment'; readonly payUrl: string | null; readonly expiresAt: string | null }
  | { readonly status: 'canceled'; readonly failure: TopupFailure };

export type TopupEnd = { readonly status: TopupStatus };

/** The order is over for the person; a late payment may still be credited. */
export function isTopupOver(status: TopupStatus): boolean {
  return status === 'credited' || status === 'canceled' || status === 'expired';
}

/** The id of a top-up's workflow, from which its ledger keys are made. */
export function topupWorkflowId(topupId: string): string {
  return `topup/${topupId}`;
}

/**
 * The ledger's key for a paid payment. By the provider's payment and never by our top-up, so that a second paid payment
 * of one top-up is credited once of its own.
 */
export function creditKey(provider: string, paymentId: string): string {
  return `credit/${provider}/${paymentId}`;
}

/** The provider's idempotency key of the n-th create request of a top-up (the first is the bare id). */
export function paymentKey(topupId: string, attempt: number): string {
  return attempt === 1 ? topupId : `${topupId}-${attempt}`;
}
