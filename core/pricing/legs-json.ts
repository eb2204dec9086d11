import type { SystemLeg } from './topup-legs.ts';

/** Legs as the ledger's `credit` reads them: `[{ account, asset, amountMinor }]`, amounts as text of minor units. */
export function legsJson(legs: readonly SystemLeg[] = []): string {
  return JSON.stringify(
    legs.map(({ account, amount }) => ({ account, asset: amount.asset, amountMinor: amount.minor.toString() })),
  );
}
