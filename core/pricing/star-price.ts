import type { StarItemKind } from '../flows/star-purchase.ts';
import { type MoneyJson, shareBps, toJson } from '../money.ts';
import type { StarShelf } from './catalogue.ts';

/** How a quote is made of the provider's price, out of the catalogue; it travels with a request for a quote. */
export interface StarTerms {
  /** What we add to the provider's price, in basis points (1% = 100). */
  readonly marginBps: number;
  /** What the chain takes for the transfer, added to every price. */
  readonly networkFee: MoneyJson;
  /** How long a quote may be bought by. */
  readonly quoteLifetimeMs: number;
}

/** Prices are rounded up to a ten-thousandth of a TON, for people's eyes. */
const stepNano = 100_000n;

/**
 * Our price for what the provider sells at `providerPriceNano`: its price, our margin and the network's fee, rounded up
 * to 0.0001 TON. The margin is configured.
 */
export function starPriceNano(providerPriceNano: bigint, terms: StarTerms): bigint {
  const margin = shareBps(providerPriceNano, BigInt(terms.marginBps));
  const exact = providerPriceNano + margin + BigInt(terms.networkFee.amountMinor);
  return ((exact + stepNano - 1n) / stepNano) * stepNano;
}

/**
 * What the payment of an order at our price may cost us at most: all of it but the network's fee. A price that moves
 * within our margin is our loss; beyond it the person is asked again, and never charged more.
 */
export function starBudgetNano(priceNano: bigint, terms: Pick<StarTerms, 'networkFee'>): bigint {
  return priceNano - BigInt(terms.networkFee.amountMinor);
}

/** Whether the shop sells so much of it. */
export function isOffered(shelf: StarShelf, item: { readonly kind: StarItemKind; readonly quantity: number }): boolean {
  if (item.kind === 'premium') return shelf.premiumMonths.includes(item.quantity);
  return item.quantity >= shelf.quantityMin && item.quantity <= shelf.quantityMax;
}

/** The terms of the catalogue, as they travel with a request for a quote. */
export function starTerms({ marginBps, networkFee, quoteLifetimeSeconds }: StarShelf): StarTerms {
  return { marginBps, networkFee: toJson(networkFee), quoteLifetimeMs: quoteLifetimeSeconds * 1000 };
}
