import type { MoneyJson } from '../money.ts';
import type { Moves } from './flow.ts';
import { isFinal } from './flow.ts';

/*
 * A star purchase: Telegram Stars or Premium for a username. Money is held, our wallet pays Fragment on the TON chain,
 * and the hold is captured when Fragment has delivered.
 *
 *   accepted -> refused                                   reserve refused
 *            -> reserved -> canceled                      release, while nothing is signed
 *                        -> failed                        release
 *                        -> signed -> paid -> delivered   capture
 *                                  -> reserved            the chain says: not paid, and never will be by these bytes
 *
 * `signed` is written before the message leaves us: from then on only the chain decides, and nothing is signed again
 * while it has not. What has been paid is never paid a second time. What nobody here can decide is parked for a person;
 * the chain's word still counts there.
 */

export const starPurchaseStatuses = [
  'accepted',
  'refused',
  'reserved',
  'signed',
  'paid',
  'delivered',
  'failed',
  'canceled',
  'needs_attention',
] as const;
export type StarPurchaseStatus = (typeof starPurchaseStatuses)[number];

export const starPurchaseMoves: Moves<StarPurchaseStatus> = {
  accepted: ['reserved', 'refused', 'canceled'],
  reserved: ['signed', 'canceled', 'failed', 'needs_attention'],
  signed: ['paid', 'reserved', 'needs_attention'],
  paid: ['delivered', 'needs_attention'],
  needs_attention: ['paid', 'reserved', 'delivered', 'failed'],
  refused: [],
  delivered: [],
  failed: [],
  canceled: [],
};

/** What is bought: so many Stars, or so many months of Premium. */
export const starItemKinds = ['stars', 'premium'] as const;
export type StarItemKind = (typeof starItemKinds)[number];

/** Why a purchase failed; the texts for people hang on these codes. */
export type StarPurchaseFailure =
  | 'insufficient_funds'
  | 'recipient_refused'
  | 'price_moved'
  | 'provider_refused'
  | 'provider_unavailable'
  | 'not_paid'
  | 'not_delivered'
  | 'canceled_by_user'
  | 'outcome_unknown';

/** Ids and amounts only; the recipient stays in the order's row. */
export interface StarPurchaseInput {
  readonly purchaseId: string;
  readonly userId: string;
  /** Who delivers. */
  readonly provider: string;
  readonly catalogueVersion: string;
  readonly kind: StarItemKind;
  /** Stars, or months of Premium. */
  readonly quantity: number;
  readonly price: MoneyJson;
}

/** The answer to `place`: whether the funds are held. */
export type StarPurchasePlaced =
  | { readonly status: 'reserved' }
  | { readonly status: 'refused'; readonly requiredMinor: string; readonly availableMinor: string }
  | { readonly status: 'canceled' };

export type StarPurchaseCancel = { readonly outcome: 'canceled' | 'already_signed' | 'already_finished' };

export type StarPurchaseEnd = { readonly status: StarPurchaseStatus };

/** What a person may decide about a parked purchase. `retry`: look again, and pay only what certainly is not paid. */
export const starDecisions = ['delivered', 'not_delivered', 'retry'] as const;
export type StarDecision = (typeof starDecisions)[number];

/**
 * What became of a decision. `needs_second`: two must say the same, one of them an owner. `not_for_you`: a manager
 * decides nothing about a purchase of their own, and nobody whose role has been taken. `not_possible`: while the chain
 * may still pay, the money can neither go back nor be paid again.
 */
export type StarDecided =
  'applied' | 'needs_second' | 'already_decided' | 'not_for_you' | 'not_parked' | 'not_possible';

/** What the chain said about one payment of one purchase. */
export type StarPaymentVerdict = 'paid' | 'not_paid';

/** Nothing can follow any more. */
export function isStarPurchaseFinal(status: StarPurchaseStatus): boolean {
  return isFinal(starPurchaseMoves, status);
}

/** The id of a purchase's workflow, from which its ledger keys are made. */
export function starPurchaseWorkflowId(purchaseId: string): string {
  return `star-purchase/${purchaseId}`;
}
