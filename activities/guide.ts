import { ApplicationFailure } from '@temporalio/common';
import type { PayerCoin } from '../core/flows/guide.ts';
import type { Outcome } from '../core/result.ts';
import type { PaymentProvider, StarsProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';

export interface GuideDeps {
  readonly starsProvider: (name: string) => StarsProvider;
  readonly paymentProvider: (name: string) => PaymentProvider;
}

/** Looking up what is only shown: nothing is charged by it. */
export function createGuideActivities({ starsProvider, paymentProvider }: GuideDeps) {
  return {
    /**
     * What the provider says that so many Stars cost now, in nanotons as text (shop S27). Fails where it does not say.
     */
    async readStarPrice({ provider, quantity }: { provider: string; quantity: number }): Promise<string> {
      return String(valueOf(await starsProvider(provider).guidePrice(quantity)));
    },

    /** The coins that a provider takes, available or not, with the limits of each. Fails where it does not say. */
    async readPayerCoins({ provider }: { provider: string }): Promise<readonly PayerCoin[]> {
      const asked = await paymentProvider(provider).coins?.();
      if (asked === undefined) throw ApplicationFailure.nonRetryable(`${provider} takes no coins`, 'no_coins');
      return valueOf(asked);
    },
  };
}

function valueOf<T>(asked: Outcome<T>): T {
  if (asked.outcome === 'done') return asked.value;
  if (asked.outcome === 'refused') throw ApplicationFailure.nonRetryable(asked.message, asked.code);
  throw askAgainLater(asked);
}
