import { parseUnits, perRate, timesRate } from './decimals.ts';

export interface Coin {
  readonly currency: string;
  readonly network: string;
  readonly title: string;
}

/** What a payer may choose from. */
export const coins: readonly Coin[] = [
  { currency: 'USDT', network: 'tron', title: 'USDT · TRON' },
  { currency: 'USDT', network: 'ton', title: 'USDT · TON' },
  { currency: 'TON', network: 'ton', title: 'TON' },
  { currency: 'BTC', network: 'btc', title: 'Bitcoin' },
];

/** Dollars for one, invented and fixed: the same payment costs the same in every run. */
const dollars: Readonly<Record<string, string>> = {
  USD: '1.00',
  USDT: '1.00',
  RUB: '0.01250000',
  TON: '3.20000000',
  BTC: '64000.00000000',
};

/** Whether the simulator has a rate for a currency. */
export function isKnownCurrency(currency: string): boolean {
  return Object.hasOwn(dollars, currency);
}

/** What one of `from` is worth in `to`, eight places. */
export function rateOf(from: string, to: string): bigint {
  return perRate(parseUnits(dollars[from] ?? '1'), parseUnits(dollars[to] ?? '1'));
}

/** An amount in another currency at the simulator's rates. */
export function convert(units: bigint, from: string, to: string): bigint {
  return perRate(timesRate(units, parseUnits(dollars[from] ?? '1')), parseUnits(dollars[to] ?? '1'));
}
