import type { SettleEnd, SettleInput } from '../../core/flows/settle.ts';

/** `settlePayment` and `settleGeneration`, by name. */
export type SettleWorkflow = (input: SettleInput) => Promise<SettleEnd>;
