import type { StarQuoted, StarQuoteInput } from '../core/flows/star-quote.ts';
import { quoteCalls } from './lib/proxies.ts';

/** One quote: asks the provider, a few times where it does not answer. A person waits, so it gives up soon. */
export async function starQuote(input: StarQuoteInput): Promise<StarQuoted> {
  try {
    return await quoteCalls(input.provider).quoteStars(input);
  } catch {
    return { outcome: 'refused', code: 'provider_unavailable' };
  }
}
