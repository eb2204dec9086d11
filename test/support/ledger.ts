import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Asset } from '../../core/assets.ts';
import type { Cause } from '../../core/flows/flow.ts';
import { money } from '../../core/money.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { type Bucket, createLedger, type Ledger } from '../../ledger/ledger.ts';
import { createLedgerReads, type LedgerReads } from '../../ledger/reads.ts';
import { leakedState } from './connection-state.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { silent } from './log.ts';

export interface LedgerBench {
  readonly database: TestDatabase;
  /** The pool of the application role. */
  readonly pool: DatabasePool;
  /** The owner of the schemas, for looking behind the views and for planting faults. */
  readonly owner: pg.Pool;
  readonly ledger: Ledger;
  readonly reads: LedgerReads;
  /** Gives a person money that does not expire unless told otherwise; resolves with the transfer's id. */
  give(person: string, amountMinor: bigint, lot?: { bucket?: Bucket; expiresAt?: string; of?: Asset }): Promise<bigint>;
  /** Holds a person's money under the key and fails the test when it cannot. */
  hold(person: string, amountMinor: bigint, options?: { key?: string; ttlMs?: number }): Promise<string>;
  available(person: string, of?: Asset): Promise<bigint>;
  held(person: string, of?: Asset): Promise<bigint>;
  /** Puts a hold's end, or a person's lots of a bucket, into the past: the tests' way of letting time go by. */
  letHoldEnd(holdKey: string): Promise<void>;
  letLotsEnd(person: string, bucket: Bucket): Promise<void>;
  /** Closes everything and drops the database; fails on leaked connections or connection state. */
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly poolSize?: number;
  readonly acquireTimeoutMs?: number;
}

export const asset: Asset = 'CREDIT';

/** The cause of what a test asks for. */
export function because(step: string, workflowId = 'test/story'): Cause {
  return { workflowId, step, actor: 'system' };
}

/** A fresh key. */
export function someKey(step = 'step'): string {
  return `test/${randomUUID()}/${step}`;
}

/** A migrated database of its own with a ledger on it. */
export async function openLedgerBench({ poolSize = 4, ...waiting }: BenchOptions = {}): Promise<LedgerBench> {
  const database = await createTestDatabase();
  const pool = await openPool({
    url: database.url,
    size: poolSize,
    applicationName: 'ledger-test',
    logger: silent,
    checkRows: true,
    ...waiting,
  });
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4, application_name: 'ledger-test-owner' });
  const ledger = createLedger(pool);
  const reads = createLedgerReads(pool);
  const walletOf = async (person: string, of = asset) =>
    (await reads.wallets(person)).find((wallet) => wallet.asset === of);

  return {
    database,
    pool,
    owner,
    ledger,
    reads,
    async give(person, amountMinor, { bucket = 'paid', expiresAt, of = asset } = {}) {
      const answer = await ledger.credit({
        key: someKey('give'),
        cause: because('give'),
        owner: person,
        amount: money(amountMinor, of),
        bucket,
        source: `issued:${of}`,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      if (answer.outcome !== 'credited') throw new Error(`could not give money: ${answer.outcome}`);
      return BigInt(answer.transferId);
    },
    async hold(person, amountMinor, { key = someKey('reserve'), ttlMs = 3_600_000 } = {}) {
      const amount = money(amountMinor, asset);
      const answer = await ledger.reserve({ key, cause: because('reserve'), owner: person, amount, ttlMs });
      if (answer.outcome !== 'held') throw new Error(`could not hold money: ${answer.outcome}`);
      return key;
    },
    available: async (person, of) => (await walletOf(person, of))?.availableMinor ?? 0n,
    held: async (person, of) => (await walletOf(person, of))?.heldMinor ?? 0n,
    async letHoldEnd(holdKey) {
      await owner.query("UPDATE ledger.hold SET expires_at = now() - interval '1 second' WHERE key = $1", [holdKey]);
    },
    async letLotsEnd(person, bucket) {
      await owner.query(
        `UPDATE ledger.account SET expires_at = now() - interval '1 second' FROM ledger.wallet w
         WHERE w.id = wallet_id AND w.owner_id = $1 AND bucket = $2`,
        [person, bucket],
      );
    },
    async close() {
      const leaks = await leakedState(pool, poolSize);
      await pool.end();
      await owner.end();
      await database.drop();
      if (leaks.length > 0) throw new Error(`connections carry state to their next user: ${leaks.join(', ')}`);
    },
  };
}
