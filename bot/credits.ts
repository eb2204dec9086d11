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
