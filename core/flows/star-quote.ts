import type { StarTerms } from '../pricing/star-price.ts';

/*
 * A quote: the provider is asked who would receive the Stars and what they cost, and the answer is kept for a while. It
 * moves no money; it is a workflow so that the calls keep the provider's rate whoever asks.
 */

/** Who receives what stands in the quote's row. */
export interface StarQuoteInput {
  readonly quoteId: string;
  readonly provider: string;
  readonly terms: StarTerms;
}

/** Why there is no quote; the texts for people hang on these codes. */
export type StarQuoteRefusal =
  'recipient_not_found' | 'recipient_not_user' | 'recipient_refused' | 'already_premium' | 'provider_unavailable';

export type StarQuoted =
  { readonly outcome: 'quoted' } | { readonly outcome: 'refused'; readonly code: StarQuoteRefusal };

/** The id of a quote's workflow. */
export function starQuoteWorkflowId(quoteId: string): string {
  return `star-quote/${quoteId}`;
}
