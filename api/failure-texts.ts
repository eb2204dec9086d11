import type { GenerationFailure } from '../core/flows/generation.ts';

/** What a person reads in English when an order of pictures came to nothing. */
const texts: Readonly<Record<GenerationFailure, string>> = {
  insufficient_funds: 'There were not enough credits.',
  provider_refused: 'The model refused this order. Your credits were returned.',
  prompt_refused: 'The model refused this prompt. Your credits were returned.',
  generation_failed: 'The model could not draw this. Your credits were returned.',
  provider_unavailable: 'The model is not available now. Your credits were returned.',
  no_answer: 'The model did not answer in time. Your credits were returned; a late picture will cost nothing.',
  result_unavailable: 'The picture could not be fetched. Your credits were returned.',
  canceled_by_user: 'You took the order back. Your credits were returned.',
};

/** The sentence for a failure's code. */
export function failureText(code: GenerationFailure): string {
  return texts[code];
}
