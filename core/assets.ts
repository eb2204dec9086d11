/**
 * The closed table of assets. `scale` is the number of decimal places of one unit: RUB 2 means that 50000 minor units
 * are 500.00 roubles. A migration repeats the codes in a check constraint, and a test compares the two.
 */
export const assets = {
  RUB: { scale: 2 },
  USDT: { scale: 6 },
  TON: { scale: 9 },
  XTR: { scale: 0 },
  STC: { scale: 0 },
  CREDIT: { scale: 0 },
} as const;

export type Asset = keyof typeof assets;

export const assetCodes = Object.keys(assets) as [Asset, ...Asset[]];

/** Whether a text is one of our asset codes. */
export function isAsset(code: string): code is Asset {
  return Object.hasOwn(assets, code);
}
