/*
 * Looking up what people are shown before they decide: nothing is decided by it, no money moves and nothing is stored.
 * It is a workflow so that the calls keep the provider's rate and breaker, whoever asks, and so that all who ask at one
 * time ask once.
 */

export interface StarPricesInput {
  readonly provider: string;
  readonly quantities: readonly number[];
}

/** What the provider says that so many Stars cost, without a recipient; nanotons as text. */
export interface StarPriceSeen {
  readonly quantity: number;
  readonly priceNano: string;
}

/** All prices that were asked for, in their order; null: the provider did not answer. */
export type StarPricesSeen = readonly StarPriceSeen[] | null;

/** A coin on a network that a payer may choose; amounts are decimal texts in that coin. */
export interface PayerCoin {
  readonly currency: string;
  readonly network: string;
  readonly isAvailable: boolean;
  readonly minAmount: string;
  readonly maxAmount: string;
}

export interface PayerCoinsInput {
  readonly provider: string;
}

/** The coins that a provider takes; null: it did not answer. */
export type PayerCoinsSeen = readonly PayerCoin[] | null;

/** The id of the workflow that looks for the coins of a provider. */
export function payerCoinsWorkflowId({ provider }: PayerCoinsInput): string {
  return `payer-coins/${provider}`;
}

/** The id of the workflow that looks for these prices. */
export function starPricesWorkflowId({ provider, quantities }: StarPricesInput): string {
  return `star-prices/${provider}/${quantities.join('-')}`;
}
