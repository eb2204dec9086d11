import { type Asset, assets } from './assets.ts';

/** An amount of one asset in its minor units. Never a `number`: floats lose kopecks and end at 2^53. */
export interface Money {
  readonly minor: bigint;
  readonly asset: Asset;
}

/** Money as it travels in JSON and in Temporal payloads. */
export interface MoneyJson {
  readonly amountMinor: string;
  readonly asset: Asset;
}

const minorPattern = /^-?(0|[1-9]\d{0,18})$/;
const maxMinor = 9_223_372_036_854_775_807n;

/** Money out of minor units. */
export function money(minor: bigint, asset: Asset): Money {
  return { minor, asset };
}

/** Reads minor units out of text: an optional sign and digits without leading zeros, within int8; else undefined. */
function parseMinor(text: string): bigint | undefined {
  if (!minorPattern.test(text)) return undefined;
  const minor = BigInt(text);
  return minor > maxMinor || minor < -maxMinor ? undefined : minor;
}

/** Money as JSON carries it. */
export function toJson(amount: Money): MoneyJson {
  return { amountMinor: amount.minor.toString(), asset: amount.asset };
}

/** The decimal text of an amount, as payment providers want it: 50000 RUB minor is "500.00". */
export function toDecimal(amount: Money): string {
  const { scale } = assets[amount.asset];
  const digits = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(scale + 1, '0');
  const sign = amount.minor < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Reads a decimal text of an asset; undefined when it has more places than the asset or is no plain decimal. */
export function fromDecimal(text: string, asset: Asset): Money | undefined {
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const { scale } = assets[asset];
  const fraction = (match[3] ?? '').padEnd(scale, '0');
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) return undefined;
  const minor = parseMinor(`${match[2]}${fraction.slice(0, scale)}`.replace(/^0+(?=\d)/, ''));
  if (minor === undefined) return undefined;
  return money(match[1] === '-' ? -minor : minor, asset);
}

/**
 * A share of a non-negative amount in basis points (1% = 100), rounded half up to a minor unit, the rule of tax and
 * commission, both of gross.
 */
export function shareBps(minor: bigint, bps: bigint): bigint {
  return (minor * bps + 5_000n) / 10_000n;
}
