import { type Money, fromDecimal, money, shareBps, toDecimal } from '../../../core/money.ts';
import type { AmountObject } from './model.ts';

/** Minor units of an amount; every currency that the simulator meets has two places. */
export function minorOf(amount: AmountObject): bigint {
  const parsed: Money | undefined = fromDecimal(amount.value, 'RUB');
  if (!parsed) throw new Error(`not an amount: ${amount.value}`);
  return parsed.minor;
}

/** An amount out of minor units. */
export function amountOf(minor: bigint, currency: string): AmountObject {
  return { value: toDecimal(money(minor, 'RUB')), currency };
}

/**
 * What the shop receives: the amount less the commission and the VAT on it, each rounded half up (965.84 of 1000.00 and
 * 956.18 of 990.00 at 2.8% and 22%).
 */
export function incomeOf(amount: AmountObject, { feeBps, vatBps }: { feeBps: number; vatBps: number }): AmountObject {
  const minor = minorOf(amount);
  const fee = shareBps(minor, BigInt(feeBps));
  return amountOf(minor - fee - shareBps(fee, BigInt(vatBps)), amount.currency);
}
