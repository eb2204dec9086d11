/** What a pack costs and what it grants, both in minor units. */
export interface PackRate {
  readonly priceMinor: number;
  readonly grantsMinor: number;
}

/**
 * By how many whole percent a unit is cheaper in one pack than in the dearest of them; rounded down, so that no
 * saving is overstated. Multiplied before it is divided: a price per unit is a fraction that loses a percent.
 */
export function savingPercent(pack: PackRate, dearest: PackRate): number {
  const rest = (100 * pack.priceMinor * dearest.grantsMinor) / (pack.grantsMinor * dearest.priceMinor);
  return 100 - Math.ceil(rest);
}

/** Of two packs, the one whose unit costs more. */
export function dearer(one: PackRate, other: PackRate): PackRate {
  return one.priceMinor * other.grantsMinor >= other.priceMinor * one.grantsMinor ? one : other;
}
