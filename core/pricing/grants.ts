import type { Asset } from '../assets.ts';
import type { TopupFailure, TopupStatus } from '../flows/topup.ts';
import { money, type Money } from '../money.ts';

/**
 * What a received sum is worth at an order's own price: all of the grant for the whole price, otherwise its share,
 * rounded down to a unit of what is granted (what was received is credited, and no more). All in minor units.
 */
export function grantsOf(
  order: { readonly priceMinor: bigint; readonly grantsMinor: bigint },
  receivedMinor: bigint,
): bigint {
  return (order.grantsMinor * receivedMinor) / order.priceMinor;
}

/** An order's amounts as its row keeps them: `creditedMinor` and `receivedMinor` are null for exactly the order's. */
interface TopupAmounts {
  readonly status: TopupStatus;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  readonly grantsMinor: bigint;
  readonly grantsAsset: Asset;
  readonly creditedMinor: bigint | null;
  readonly receivedMinor: bigint | null;
}

/** What a top-up was credited with, which is not what it grants where more or less came; null until it is credited. */
export function creditedOf({ status, creditedMinor, grantsMinor, grantsAsset }: TopupAmounts): Money | null {
  return status === 'credited' ? money(creditedMinor ?? grantsMinor, grantsAsset) : null;
}

/**
 * What has come of a top-up's payment, in the price's asset: all of it once credited, a part while the rest is awaited.
 * Null where nothing is known to have come.
 */
export function receivedOf({ status, priceMinor, priceAsset, receivedMinor }: TopupAmounts): Money | null {
  if (receivedMinor !== null) return money(receivedMinor, priceAsset);
  return status === 'credited' ? money(priceMinor, priceAsset) : null;
}

/** What is still to be paid, in the price's asset: the price, less what is known to have come of it. */
export function restOf({ priceMinor, priceAsset, receivedMinor }: TopupAmounts): Money {
  return money(priceMinor - (receivedMinor ?? 0n), priceAsset);
}

/**
 * Whether part of the price has come for an order that is over for the person and whose payment is not: it is credited
 * when the provider says the payment's end.
 */
export function awaitsPart(topup: TopupAmounts & { readonly failureCode: TopupFailure | null }): boolean {
  const { status, failureCode, receivedMinor } = topup;
  const isGivenUp = failureCode === 'canceled_by_user' || failureCode === 'not_paid_in_time';
  return receivedMinor !== null && isGivenUp && (status === 'canceled' || status === 'expired');
}
