import { ApplicationFailure } from '@temporalio/common';
import type { StarsProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';

export interface GuideDeps {
  readonly starsProvider: (name: string) => StarsProvider;
}

/** Looking up what is only shown: nothing is charged by it. */
export function createGuideActivities({ starsProvider }: GuideDeps) {
  return {
    /**
     * What the provider says that so many Stars cost now, in nanotons as text (shop S27). Fails where it does not say.
     */
    async readStarPrice({ provider, quantity }: { provider: string; quantity: number }): Promise<string> {
      const asked = await starsProvider(provider).guidePrice(quantity);
      if (asked.outcome === 'done') return String(asked.value);
      if (asked.outcome === 'refused') throw ApplicationFailure.nonRetryable(asked.message, asked.code);
      throw askAgainLater(asked);
    },
  };
}
