import type { SettleEnd, SettleInput } from '../../core/flows/settle.ts';

export type SettlePaymentWorkflow = (input: SettleInput) => Promise<SettleEnd>;
export type SettleGenerationWorkflow = (input: SettleInput) => Promise<SettleEnd>;
