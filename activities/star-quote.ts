import { ApplicationFailure } from '@temporalio/common';
import type { StarQuoted, StarQuoteInput, StarQuoteRefusal } from '../core/flows/star-quote.ts';
import { starBudgetNano, starPriceNano } from '../core/pricing/star-price.ts';
import type { StarQuotes } from '../db/star-quotes.ts';
import type { StarsProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';

export interface StarQuoteDeps {
  readonly starQuotes: StarQuotes;
  readonly starsProvider: (name: string) => StarsProvider;
}

const recipientRefusals: ReadonlySet<string> = new Set<StarQuoteRefusal>([
  'recipient_not_found',
  'recipient_not_user',
  'recipient_refused',
  'already_premium',
]);

/** Asking for prices. */
export function createStarQuoteActivities(deps: StarQuoteDeps) {
  return {
    /**
     * Asks the provider who would receive it and for how much, and stores our price for it with its expiry. A recipient
     * whom the provider does not take is a refusal as a value; so is our own account's trouble, as
     * `provider_unavailable`.
     */
    async quoteStars({ quoteId, provider, terms }: StarQuoteInput): Promise<StarQuoted> {
      const wanted = await deps.starQuotes.get(quoteId);
      if (!wanted) throw ApplicationFailure.nonRetryable(`no star quote ${quoteId}`, 'quote_missing');
      const asked = await deps.starsProvider(provider).quote(wanted);
      if (asked.outcome === 'refused') return { outcome: 'refused', code: refusalCode(asked.code) };
      if (asked.outcome !== 'done') throw askAgainLater(asked);
      const { recipientName, priceNano } = asked.value;
      const priceMinor = starPriceNano(priceNano, terms);
      await deps.starQuotes.answer(quoteId, {
        recipientName,
        providerPriceNano: priceNano,
        priceMinor,
        priceAsset: 'TON',
        budgetNano: starBudgetNano(priceMinor, terms),
        lifetimeMs: terms.quoteLifetimeMs,
      });
      return { outcome: 'quoted' };
    },
  };
}

function refusalCode(code: string): StarQuoteRefusal {
  return recipientRefusals.has(code) ? (code as StarQuoteRefusal) : 'provider_unavailable';
}
