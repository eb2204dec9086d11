import { log } from '@temporalio/workflow';
import type { PayerCoinsInput, PayerCoinsSeen, StarPricesInput, StarPricesSeen } from '../core/flows/guide.ts';
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

/** The coins that a provider takes from payers, with their limits. */
export async function payerCoins({ provider }: PayerCoinsInput): Promise<PayerCoinsSeen> {
  try {
    return await guideCalls(provider).readPayerCoins({ provider });
  } catch (error) {
    log.info('the coins on offer could not be had', { error: describe(error) });
    return null;
  }
}
