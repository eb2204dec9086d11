import type { MoneyJson } from '../money.ts';
import type { Moves } from './flow.ts';
import { isFinal } from './flow.ts';

/*
 * A generation: credits are held, a provider draws pictures, and the hold is captured for what was delivered.
 *
 *   accepted -> refused                                  reserve refused
 *            -> reserved -> canceled                     release
 *                        -> submitted -> running -> succeeded    capture (whole or part, the rest released)
 *                                                -> failed       release
 *
 * `submitted` returns to `reserved` only when the request certainly never left. A picture that arrives after `failed`
 * is kept and shown, and costs the person nothing.
 */

export const generationStatuses = [
  'accepted',
  'refused',
  'reserved',
  'submitted',
  'running',
  'succeeded',
  'failed',
  'canceled',
  'needs_attention',
] as const;
export type GenerationStatus = (typeof generationStatuses)[number];

export const generationMoves: Moves<GenerationStatus> = {
  accepted: ['reserved', 'refused', 'canceled'],
  reserved: ['submitted', 'canceled', 'failed'],
  submitted: ['reserved', 'running', 'succeeded', 'failed', 'needs_attention'],
  running: ['succeeded', 'failed', 'needs_attention'],
  needs_attention: ['succeeded', 'failed'],
  refused: [],
  succeeded: [],
  failed: [],
  canceled: [],
};

/** Why a generation failed; the texts for people hang on these codes. */
export type GenerationFailure =
  | 'insufficient_funds'
  | 'provider_refused'
  | 'prompt_refused'
  | 'generation_failed'
  | 'provider_unavailable'
  | 'no_answer'
  | 'result_unavailable'
  | 'input_image_gone'
  | 'canceled_by_user'
  | 'outcome_unknown';

/** Ids and amounts only; prompt, options and images stay in their tables. */
export interface GenerationInput {
  readonly generationId: string;
  readonly userId: string;
  readonly provider: string;
  readonly modelId: string;
  readonly catalogueVersion: string;
  readonly price: MoneyJson;
  /** The price of one picture: what is captured is this times the pictures delivered. */
  readonly unitPrice: MoneyJson;
  readonly pictures: number;
}

/** The answer to `place`: whether the funds are held. */
export type GenerationPlaced =
  | { readonly status: 'reserved' }
  | { readonly status: 'refused'; readonly requiredMinor: string; readonly availableMinor: string }
  | { readonly status: 'canceled' };

export type CancelAnswer = { readonly outcome: 'canceled' | 'already_submitted' | 'already_finished' };

export type GenerationEnd = { readonly status: GenerationStatus };

/**
 * How a person sorts orders. `ready`: there are pictures, late ones among them; `working`: it is not over, or a person
 * has to decide; `not_made`: it came to nothing.
 */
export const generationViews = ['ready', 'working', 'not_made'] as const;
export type GenerationView = (typeof generationViews)[number];

/** Statuses in which nobody draws yet: the order waits in our queue, or for the provider to take it. */
const waitingStatuses: ReadonlySet<GenerationStatus> = new Set(['accepted', 'reserved', 'submitted']);

/** Whether an order has a place in the queue of its model. */
export function isGenerationWaiting(status: GenerationStatus): boolean {
  return waitingStatuses.has(status);
}

/** Nothing can follow any more. */
export function isGenerationFinal(status: GenerationStatus): boolean {
  return isFinal(generationMoves, status);
}

/** The id of an order's workflow, from which its ledger keys are made. */
export function generationWorkflowId(generationId: string): string {
  return `generation/${generationId}`;
}

/** What a generation of several pictures costs when fewer were delivered, in minor units. */
export function chargeFor(input: Pick<GenerationInput, 'unitPrice' | 'pictures'>, delivered: number): bigint {
  return BigInt(input.unitPrice.amountMinor) * BigInt(Math.min(delivered, input.pictures));
}
