import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { WalletInput } from '../../core/flows/wallet.ts';

export type WalletWorkflow = (input: WalletInput) => Promise<void>;

/** A payment waits for its place in a message. */
export const paymentPrepared = defineSignal('paymentPrepared');
export const walletState = defineQuery<{ messageId: string | null }>('state');
