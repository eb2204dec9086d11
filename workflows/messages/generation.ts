import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  CancelAnswer,
  GenerationEnd,
  GenerationInput,
  GenerationPlaced,
  GenerationStatus,
} from '../../core/flows/generation.ts';

export type GenerationWorkflow = (input: GenerationInput) => Promise<GenerationEnd>;

export interface ResultNotified {
  readonly attemptId: string;
}

/** The first answer: whether the funds are held. Sent with the start, under the update id `place`. */
export const placeGeneration = defineUpdate<GenerationPlaced>('place');
/** The provider called back; what it has to say is read from it. */
export const resultNotified = defineSignal<[ResultNotified]>('resultNotified');
/** Gives the funds back while the request waits in our own queue. */
export const cancelGeneration = defineUpdate<CancelAnswer>('cancel');
export const generationState = defineQuery<{ status: GenerationStatus }>('state');
