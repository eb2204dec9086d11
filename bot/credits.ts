import type { Asset } from '../core/assets.ts';
import { type Money, money } from '../core/money.ts';
import type { LedgerReads } from '../ledger/reads.ts';

/** What a person can spend, and what is set aside for orders under way. */
export async function readCredits(
  ledger: Pick<LedgerReads, 'wallets'>,
  userId: string,
): Promise<{ available: Money; held: Money }> {
  const wallets = await ledger.wallets(userId);
  const credits = wallets.find(({ asset }) => asset === 'CREDIT');
  return { available: money(credits?.availableMinor ?? 0n, 'CREDIT'), held: money(credits?.heldMinor ?? 0n, 'CREDIT') };
}

/** What a person can spend of one asset. */
export async function readFunds(ledger: Pick<LedgerReads, 'wallets'>, userId: string, asset: Asset): Promise<Money> {
  const wallets = await ledger.wallets(userId);
  return money(wallets.find((wallet) => wallet.asset === asset)?.availableMinor ?? 0n, asset);
}
