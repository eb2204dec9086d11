import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { FragmentSessionInput, SessionKept } from '../../core/flows/fragment-session.ts';

export type FragmentSessionWorkflow = (input: FragmentSessionInput) => Promise<void>;

/** The session does not hold any more. */
export const sessionExpired = defineSignal('sessionExpired');
export const fragmentSessionState = defineQuery<{ kept: SessionKept | null }>('state');
