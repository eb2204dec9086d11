import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from '../db/pool.ts';

export interface LedgerUpkeep {
  /** Seals about `limit` of the oldest unsealed entries into a block; resolves with how many, 0 when none is left. */
  seal(limit: number): Promise<number>;
  /** Writes down the balances of the system accounts that moved; resolves with how many did. */
  snapshotSystemBalances(): Promise<number>;
}

const count = z.object({ count: z.number() });

/** The ledger's housekeeping, off the hot path. Each call is one transaction; several processes may call at once. */
export function createLedgerUpkeep(db: CommonQueryMethods): LedgerUpkeep {
  return {
    seal: (limit) => db.oneFirst(sql.type(count)`SELECT ledger.seal(${limit})::int AS count`),
    snapshotSystemBalances: () => db.oneFirst(sql.type(count)`SELECT ledger.snapshot_system_balances() AS count`),
  };
}
