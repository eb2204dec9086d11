import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { TopupEnd, TopupInput, TopupPlaced, TopupStatus } from '../../core/flows/topup.ts';

export type TopupWorkflow = (input: TopupInput) => Promise<TopupEnd>;

export interface PaymentNotified {
  readonly paymentId: string;
}

/** The first answer: the link to pay at, or why there is none. Sent with the start, under the update id `place`. */
export const placeTopup = defineUpdate<TopupPlaced>('place');
/** Something happened to a payment of this top-up; which thing, the provider says when it is read. */
export const paymentNotified = defineSignal<[PaymentNotified]>('paymentNotified');
/** "I paid": reads the provider now. */
export const checkTopup = defineUpdate<{ status: TopupStatus }>('checkNow');
/** The person no longer wants it. We stop waiting; a payment that comes all the same is still credited. */
export const cancelTopup = defineUpdate<{ status: TopupStatus }>('cancel');
export const topupState = defineQuery<{ status: TopupStatus }>('state');
