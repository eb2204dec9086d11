import type { Generation } from '../../db/generations.ts';
import { createGenerations } from '../../db/generations.ts';
import { createLive } from '../../db/live.ts';
import { atOneMoment } from '../../db/one-moment.ts';
import type { DatabasePool } from '../../db/pool.ts';
import { createStarPurchases } from '../../db/star-purchases.ts';
import { createTopups } from '../../db/topups.ts';
import { createLedgerReads, type WalletBalance } from '../../ledger/reads.ts';
import { showStarPurchase } from '../routes/star-purchases.ts';
import { showTopup } from '../routes/topups.ts';

export interface SnapshotDeps {
  readonly pool: DatabasePool;
  readonly showGeneration: (generation: Generation) => Promise<object>;
}

/** Orders of each kind that a snapshot lists; nobody waits for more at once. */
const ordersMax = 50;

/** What a person has and waits for, with the number of the last fact that is contained in it: one moment's view. */
export function readSnapshot({ pool, showGeneration }: SnapshotDeps, userId: string) {
  return atOneMoment(pool, async (db) => {
    const { lastSeq, toldSeq } = await createLive(db).position(`user:${userId}`);
    const wallets = await createLedgerReads(db).wallets(userId);
    const generations = await createGenerations(db).listOpen(userId, ordersMax);
    const topups = await createTopups(db).listOpen(userId, ordersMax);
    const starPurchases = await createStarPurchases(db).listOpen(userId, ordersMax);
    const data = {
      balances: wallets.map(showBalance),
      generations: await Promise.all(generations.map(showGeneration)),
      topups: topups.map(showTopup),
      starPurchases: starPurchases.map(showStarPurchase),
      notificationSeq: Number(toldSeq),
    };
    return { seq: lastSeq, data };
  });
}

/** A balance as `GET /balance` shows it. */
export function showBalance({ asset, availableMinor, heldMinor }: WalletBalance) {
  return { asset, availableMinor: String(availableMinor), heldMinor: String(heldMinor) };
}
