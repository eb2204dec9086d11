import { type Asset, isAsset } from './assets.ts';
import { fromDecimal, type Money } from './money.ts';

/*
 * What a payer reads of the coins of a provider before an invoice is made. It is a hint: the provider alone decides
 * what it takes.
 */

export interface CoinOnOffer {
  readonly currency: string;
  readonly network: string;
  readonly minAmount: string;
}

/** A coin with the networks that it can be sent by. */
export interface CoinNetworks {
  readonly currency: string;
  readonly networks: readonly string[];
}

/** Coins in the order given, each once. */
export function coinsByName(coins: readonly Pick<CoinOnOffer, 'currency' | 'network'>[]): CoinNetworks[] {
  const found = new Map<string, string[]>();
  for (const { currency, network } of coins) {
    const networks = found.get(currency) ?? [];
    if (!networks.includes(network)) networks.push(network);
    found.set(currency, networks);
  }
  return [...found].map(([currency, networks]) => ({ currency, networks }));
}

/** `USDT (TRON, TON)`; a coin on its own network alone is just its name. */
export function coinText({ currency, networks }: CoinNetworks): string {
  const names = networks.map((network) => network.toUpperCase());
  return names.length === 1 && names[0] === currency ? currency : `${currency} (${names.join(', ')})`;
}

/**
 * Coins that can pay a price, and the least sum of the coin that the price itself is in where no network of it takes
 * so little. The least sums of other coins cannot be held against the price: no rate is known here.
 */
export function coinsFor<C extends CoinOnOffer>(coins: readonly C[], price: Money): { usable: C[]; least?: Money } {
  const usable = coins.filter((coin) => !(leastOf(coin, price.asset) > price.minor));
  if (usable.some(({ currency }) => currency === price.asset)) return { usable };
  const least = coins
    .filter(({ currency }) => currency === price.asset)
    .map((coin) => leastOf(coin, price.asset))
    .reduce<bigint | undefined>((low, minor) => (low === undefined || minor < low ? minor : low), undefined);
  return { usable, ...(least === undefined ? {} : { least: { minor: least, asset: price.asset } }) };
}

/** In minor units; 0 where the coin is another one, or its least sum is finer than any sum of ours. */
function leastOf({ currency, minAmount }: CoinOnOffer, asset: Asset): bigint {
  if (currency !== asset || !isAsset(currency)) return 0n;
  return fromDecimal(minAmount, currency)?.minor ?? 0n;
}
