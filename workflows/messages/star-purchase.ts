import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  StarDecided,
  StarDecision,
  StarPaymentVerdict,
  StarPurchaseCancel,
  StarPurchaseEnd,
  StarPurchaseInput,
  StarPurchasePlaced,
  StarPurchaseStatus,
} from '../../core/flows/star-purchase.ts';

export type StarPurchaseWorkflow = (input: StarPurchaseInput) => Promise<StarPurchaseEnd>;

/** What the wallet's saga says about this purchase's payment; `dropped`: its request ended before it was signed. */
export interface PaymentDecided {
  readonly verdict: StarPaymentVerdict | 'dropped';
}

export interface StarDecisionRequest {
  readonly operatorId: string;
  readonly decision: StarDecision;
  readonly reason: string;
}

export interface StarDecisionAnswer {
  readonly outcome: StarDecided;
}

/** The first answer: whether the funds are held. Sent with the start, under the update id `place`. */
export const placeStarPurchase = defineUpdate<StarPurchasePlaced>('place');
/** The chain has decided; what it decided stands in the rows. */
export const paymentDecided = defineSignal<[PaymentDecided]>('paymentDecided');
/** Gives the funds back while nothing is signed. */
export const cancelStarPurchase = defineUpdate<StarPurchaseCancel>('cancel');
/** An operator's decision about a parked purchase. */
export const decideStarPurchase = defineUpdate<StarDecisionAnswer, [StarDecisionRequest]>('decide');
export const starPurchaseState = defineQuery<{ status: StarPurchaseStatus }>('state');
