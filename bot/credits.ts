import type { Asset } from '../core/assets.ts';
import { type Money, money } from '../core/money.ts';
import type { LedgerReads } from '../ledger/reads.ts';
import type { Words } from './words.ts';

/** What a person can spend, and what is set aside for orders under way. */
export async function readCredits(
  ledger: Pick<LedgerReads, 'wallets'>,
  userId: string,
): Promise<{ available: Money; held: Money }> {
  const wallets = await ledger.wallets(userId);
  const credits = wallets.find(({ asset }) => asset === 'CREDIT');
  return { available: money(credits?.availableMinor ?? 0n, 'CREDIT'), held: money(credits?.heldMinor ?? 0n, 'CREDIT') };
}

/** What a person can spend, as it is said in a line: credits, and TON where there is any. */
export async function balanceText(
  ledger: Pick<LedgerReads, 'wallets'>,
  userId: string,
  words: Pick<Words, 'money'>,
): Promise<string> {
  const wallets = await ledger.wallets(userId);
  const available = (asset: Asset) => wallets.find((wallet) => wallet.asset === asset)?.availableMinor ?? 0n;
  const ton = available('TON');
  const amounts = [money(available('CREDIT'), 'CREDIT'), ...(ton > 0n ? [money(ton, 'TON')] : [])];
  return amounts.map((amount) => words.money(amount)).join(', ');
}

/** What a person can spend of one asset. */
export async function readFunds(ledger: Pick<LedgerReads, 'wallets'>, userId: string, asset: Asset): Promise<Money> {
  const wallets = await ledger.wallets(userId);
  return money(wallets.find((wallet) => wallet.asset === asset)?.availableMinor ?? 0n, asset);
}
