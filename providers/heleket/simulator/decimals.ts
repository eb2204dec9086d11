const places = 8;
const one = 10n ** BigInt(places);

/** Eight places, as the simulator writes every amount of a coin. */
export function parseUnits(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
}

/** Units as a decimal text of eight places. */
export function showUnits(units: bigint): string {
  const digits = units.toString().padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `units` times a rate of eight places, rounded up: a payer never owes less than was asked. */
export function timesRate(units: bigint, rate: bigint): bigint {
  return (units * rate + one - 1n) / one;
}

/** `units` divided by a rate of eight places, rounded up. */
export function perRate(units: bigint, rate: bigint): bigint {
  return (units * one + rate - 1n) / rate;
}
