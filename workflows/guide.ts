import { log } from '@temporalio/workflow';
import type { StarPricesInput, StarPricesSeen } from '../core/flows/guide.ts';
import { guideCalls } from './lib/proxies.ts';
import { describe } from './lib/saga.ts';

/** What so many Stars cost, as the provider says without a recipient: all of them, or nothing. */
export async function starPrices({ provider, quantities }: StarPricesInput): Promise<StarPricesSeen> {
  const { readStarPrice } = guideCalls(provider);
  try {
    return await Promise.all(
      quantities.map(async (quantity) => ({ quantity, priceNano: await readStarPrice({ provider, quantity }) })),
    );
  } catch (error) {
    log.info('no guide prices could be had', { error: describe(error) });
    return null;
  }
}
