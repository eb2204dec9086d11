import { log } from '@temporalio/workflow';
import type { StarQuoted, StarQuoteInput } from '../core/flows/star-quote.ts';
import { quoteCalls } from './lib/proxies.ts';
import { describe } from './lib/saga.ts';

/** One quote: asks the provider, a few times where it does not answer. A person waits, so it gives up soon. */
export async function starQuote(input: StarQuoteInput): Promise<StarQuoted> {
  try {
    return await quoteCalls(input.provider).quoteStars(input);
  } catch (error) {
    log.warn('no quote could be had', { error: describe(error) });
    return { outcome: 'refused', code: 'provider_unavailable' };
  }
}
