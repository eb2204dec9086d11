import { defineSignal } from '@temporalio/workflow';
import type { RefundEnd, RefundInput } from '../../core/flows/refund.ts';

export type RefundWorkflow = (input: RefundInput) => Promise<RefundEnd>;

/** Somebody wants it, for the first time or again; how much they want it stands in the row. */
export const refundAsked = defineSignal('refundAsked');
