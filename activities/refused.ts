import type { GenerationFailure } from '../core/flows/generation.ts';

/** Why a generation ends without pictures. */
export interface Refused {
  readonly outcome: 'refused';
  readonly failure: GenerationFailure;
  readonly detail: string | null;
}

/**
 * `invalid_request` is the provider's word for a prompt or an input that it does not take; all else is about us or
 * it.
 */
export function refusal(code: string, message: string | null): Refused {
  const failure = code === 'invalid_request' ? 'prompt_refused' : 'provider_refused';
  return { outcome: 'refused', failure, detail: `${code}: ${message ?? ''}` };
}
