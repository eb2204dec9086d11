import { money, shareBps, type Money } from '../money.ts';

/** What a provider keeps of a payment. `estimated` marks a figure that is ours and not the provider's own. */
export interface Commission {
  readonly amount: Money;
  readonly estimated: boolean;
}

/**
 * The provider's commission on a payment: its own figure (gross less what it says we receive) where it gives one, else
 * the configured rate of gross, half up, marked as an estimate. A figure in another asset, or
 * one above gross, is no figure of this payment and the estimate stands in.
 */
export function commissionOf(gross: Money, income: Money | undefined, rateBps: bigint): Commission {
  if (income !== undefined && income.asset === gross.asset && income.minor >= 0n && income.minor <= gross.minor) {
    return { amount: money(gross.minor - income.minor, gross.asset), estimated: false };
  }
  return { amount: money(shareBps(gross.minor, rateBps), gross.asset), estimated: true };
}

/** Tax on a payment: a share of gross in basis points, half up (4% is 400). */
export function taxOf(gross: Money, rateBps: bigint): Money {
  return money(shareBps(gross.minor, rateBps), gross.asset);
}
