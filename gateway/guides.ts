import { z } from 'zod';
import type { PayerCoin } from '../core/flows/guide.ts';
import { limits } from '../core/limits.ts';
import type { Cache } from '../platform/cache/cache.ts';
import type { CacheKind } from '../platform/cache/kinds.ts';
import { createPatience } from '../platform/cache/patience.ts';
import { inTime } from '../platform/in-time.ts';
import type { Logger } from '../platform/logger.ts';
import type { GuideCommands } from './guide-commands.ts';

/** What the provider said, and when. Our own price is made of it at each reading, by the price list of that moment. */
export interface StarPricesRead {
  readonly prices: readonly { readonly quantity: number; readonly priceNano: string }[];
  /** RFC 3339. */
  readonly askedAt: string;
}

/** Prices in the caches: nobody tells when they change, so that time alone ends them (shop S26). */
export const starPricesKind: CacheKind<StarPricesRead> = {
  family: 'price',
  name: 'stars',
  version: 1,
  schema: z.object({
    prices: z
      .array(z.object({ quantity: z.int().positive(), priceNano: z.string().regex(/^[1-9]\d{0,18}$/) }))
      .max(100),
    askedAt: z.iso.datetime(),
  }),
  endsBy: 'time',
};

export interface PayerCoinsRead {
  readonly coins: readonly PayerCoin[];
  /** RFC 3339. */
  readonly askedAt: string;
}

const coinAmount = z.string().regex(/^\d{1,24}(\.\d{1,24})?$/);

/** The coins of providers in the caches, ended by time alone as well. */
export const payerCoinsKind: CacheKind<PayerCoinsRead> = {
  family: 'coin',
  name: 'payer',
  version: 1,
  schema: z.object({
    coins: z
      .array(
        z.object({
          currency: z.string().min(1).max(32),
          network: z.string().min(1).max(32),
          isAvailable: z.boolean(),
          minAmount: coinAmount,
          maxAmount: coinAmount,
        }),
      )
      .max(500),
    askedAt: z.iso.datetime(),
  }),
  endsBy: 'time',
};

export interface GuidesDeps {
  readonly gateway: GuideCommands;
  readonly cache: Pick<Cache, 'read'>;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long who asks waits at most; what comes later serves the next one. */
  readonly waitMs?: number;
}

/** After a failure nobody is asked for so long: a page without a guide price lacks nothing that it needs. */
const pauseMs = 10_000;

/** What providers say and people are shown before they decide. No price that is charged is made of it (shop S27). */
export interface Guides {
  /**
   * Prices of these quantities of Stars, and when they were asked for. Undefined: not known just now. Never throws, and
   * takes `waitMs` at most.
   */
  starPrices(provider: string, quantities: readonly number[]): Promise<StarPricesRead | undefined>;
  /**
   * The coins that the provider takes, with their networks and least sums, and when it was asked. Undefined: not known
   * just now. Never throws, and takes `waitMs` at most.
   */
  payerCoins(provider: string): Promise<PayerCoinsRead | undefined>;
}

/** The guides over the caches of this process. */
export function createGuides({ gateway, cache, logger, now, waitMs = limits.guideWaitMs }: GuidesDeps): Guides {
  const patience = { prices: patienceFor('guide prices'), coins: patienceFor('the coins on offer') };

  function patienceFor(what: string) {
    return createPatience({
      failuresMax: 1,
      pauseMs,
      lost: () => logger.info({ what }, 'what is only shown cannot be had for a while'),
      regained: () => logger.info({ what }, 'what is only shown can be had again'),
    });
  }

  /** A reading that takes longer than the wait goes on, and leaves its value in the cache. */
  async function soon<T>(read: Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await inTime(read, waitMs, () => new Error(`no answer within ${waitMs} ms`));
    } catch (error) {
      logger.debug({ err: error }, 'shown without a guide');
      return undefined;
    }
  }

  return {
    starPrices: (provider, quantities) =>
      soon(
        cache.read(starPricesKind, `${provider}/${quantities.join('-')}`, () =>
          patience.prices.with(async () => {
            const askedAt = now().toISOString();
            const prices = await gateway.lookUpStarPrices({ provider, quantities });
            if (prices === null) throw new Error(`${provider} does not say what Stars cost`);
            return { prices, askedAt };
          }),
        ),
      ),
    payerCoins: (provider) =>
      soon(
        cache.read(payerCoinsKind, provider, () =>
          patience.coins.with(async () => {
            const askedAt = now().toISOString();
            const coins = await gateway.lookUpPayerCoins({ provider });
            if (coins === null) throw new Error(`${provider} does not say what it takes`);
            return { coins, askedAt };
          }),
        ),
      ),
  };
}
