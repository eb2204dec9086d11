import { sql } from 'slonik';
import { z } from 'zod';
import { type Asset, assetCodes } from '../core/assets.ts';
import type { CommonQueryMethods } from '../db/pool.ts';
import type { Bucket } from './ledger.ts';

export interface WalletBalance {
  readonly asset: Asset;
  readonly availableMinor: bigint;
  readonly heldMinor: bigint;
}

export interface OwnedBalance extends WalletBalance {
  readonly owner: string;
}

/** One lot of a wallet. `expiresAt` is RFC 3339 UTC, or null when the money never expires. */
export interface BucketBalance {
  readonly asset: Asset;
  readonly bucket: Bucket;
  readonly expiresAt: string | null;
  readonly balanceMinor: bigint;
  readonly heldMinor: bigint;
  readonly availableMinor: bigint;
}

/** A wallet with the lots that hold money now, as one moment saw them. */
export interface Holding extends WalletBalance {
  readonly buckets: readonly Pick<BucketBalance, 'bucket' | 'expiresAt' | 'availableMinor'>[];
}

/** One change of an owner's balance. `eventAt` is when it happened outside, `recordedAt` when it was written. */
export interface Transaction {
  readonly id: bigint;
  readonly asset: Asset;
  readonly kind: 'capture' | 'credit' | 'transfer' | 'reverse' | 'expire';
  readonly key: string;
  readonly holdKey: string | null;
  readonly reverses: bigint | null;
  readonly amountMinor: bigint;
  readonly balanceBeforeMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly cause: StoredCause;
  readonly eventAt: string;
  readonly recordedAt: string;
}

/** Money that was set aside for an order, and what became of it. */
export interface Hold {
  readonly amountMinor: bigint;
  readonly capturedMinor: bigint;
  readonly createdAt: string;
  readonly resolvedAt: string | null;
}

export type StoredCause = z.infer<typeof storedCause>;

export interface TransactionQuery {
  readonly owner: string;
  readonly asset?: Asset;
  /** Only what came, or only what went. */
  readonly direction?: 'in' | 'out';
  /** `nextCursor` of the page before; anything else is `bad_cursor`. */
  readonly cursor?: string;
  readonly limit: number;
}

export type TransactionPage =
  | { readonly outcome: 'page'; readonly items: readonly Transaction[]; readonly nextCursor: string | null }
  | { readonly outcome: 'bad_cursor' };

export interface LedgerReads {
  /** Every wallet of an owner, by asset. An owner without money has none. */
  wallets(owner: string): Promise<readonly WalletBalance[]>;
  /** The wallets of several owners by one statement. */
  walletsOf(owners: readonly string[]): Promise<readonly OwnedBalance[]>;
  /** Wallets and lots together, by one statement: what every screen begins with. */
  holdings(owner: string): Promise<readonly Holding[]>;
  /** The lots that hold money now, in the order in which they are drawn. */
  buckets(owner: string): Promise<readonly BucketBalance[]>;
  /** The owner's history, newest first. The cost of a page does not grow with the history. */
  transactions(query: TransactionQuery): Promise<TransactionPage>;
  /** One change of an owner's balance with the hold that it resolved; null for another's. */
  transaction(owner: string, id: bigint): Promise<{ transaction: Transaction; hold: Hold | null } | null>;
  /** What an owner had at a past moment (RFC 3339), and how much of it was held. */
  balanceAt(owner: string, asset: Asset, at: string): Promise<{ balanceMinor: bigint; heldMinor: bigint }>;
  /** The balance of a system account; 0 for one that was never used. It may outgrow int8. */
  systemBalance(code: string, asset: Asset): Promise<bigint>;
}

const asset = z.enum(assetCodes);
const bucket = z.enum(['free', 'plan', 'promo', 'paid']);
const storedCause = z.looseObject({
  workflowId: z.string(),
  runId: z.string().optional(),
  step: z.string(),
  actor: z.string(),
  provider: z.string().optional(),
  providerRef: z.string().optional(),
});

const walletRow = z.object({ asset, availableMinor: z.bigint(), heldMinor: z.bigint() });
const ownedRow = walletRow.extend({ owner: z.string() });
const bucketRow = walletRow.extend({ bucket, expiresAt: z.string().nullable(), balanceMinor: z.bigint() });
const holdingRow = walletRow.extend({
  bucket: bucket.nullable(),
  expiresAt: z.string().nullable(),
  bucketMinor: z.bigint().nullable(),
});
const transactionRow = z.object({
  id: z.bigint(),
  asset,
  kind: z.enum(['capture', 'credit', 'transfer', 'reverse', 'expire']),
  key: z.string(),
  holdKey: z.string().nullable(),
  reverses: z.bigint().nullable(),
  amountMinor: z.bigint(),
  balanceBeforeMinor: z.bigint(),
  balanceAfterMinor: z.bigint(),
  cause: storedCause,
  eventAt: z.string(),
  recordedAt: z.string(),
});
const holdRow = z.object({
  amountMinor: z.bigint(),
  capturedMinor: z.bigint(),
  createdAt: z.string(),
  resolvedAt: z.string().nullable(),
});
const balanceAtRow = z.object({ balanceMinor: z.bigint(), heldMinor: z.bigint() });
const systemBalanceRow = z.object({ balanceMinor: z.string() });

/** The ledger's reads, for API, bot and CLI. They need no more than the application role's rights and lock nothing. */
export function createLedgerReads(db: CommonQueryMethods): LedgerReads {
  return {
    wallets: (owner) =>
      db.any(sql.prepared('ledger_wallets', walletRow)`
        SELECT asset, available_minor AS "availableMinor", held_minor AS "heldMinor"
        FROM ledger.wallet_balance WHERE owner_id = ${owner}::uuid ORDER BY asset`),
    walletsOf: (owners) =>
      db.any(sql.prepared('ledger_wallets_of', ownedRow)`
        SELECT owner_id AS owner, asset, available_minor AS "availableMinor", held_minor AS "heldMinor"
        FROM ledger.wallet_balance WHERE owner_id = ANY (${sql.array([...owners], 'uuid')}) ORDER BY owner_id, asset`),
    buckets: (owner) =>
      db.any(sql.prepared('ledger_buckets', bucketRow)`
        SELECT asset, bucket, expires_at AS "expiresAt", balance_minor AS "balanceMinor", held_minor AS "heldMinor",
               available_minor AS "availableMinor"
        FROM ledger.bucket_balance WHERE owner_id = ${owner}::uuid AND balance_minor > 0
        ORDER BY asset, expires_at NULLS LAST, array_position(ARRAY['free', 'plan', 'promo', 'paid'], bucket)`),
    holdings: (owner) => readHoldings(db, owner),
    transactions: (query) => readTransactions(db, query),
    transaction: (owner, id) => readTransaction(db, owner, id),
    balanceAt: (owner, code, at) =>
      db.one(sql.prepared('ledger_balance_at', balanceAtRow)`
        SELECT balance_minor AS "balanceMinor", held_minor AS "heldMinor"
        FROM ledger.balance_at(${owner}::uuid, ${code}, ${at}::timestamptz)`),
    systemBalance: async (code, of) => {
      const row = await db.one(sql.prepared('ledger_system_balance', systemBalanceRow)`
        SELECT coalesce(ledger.system_balance(${code}, ${of}), 0)::text AS "balanceMinor"`);
      return BigInt(row.balanceMinor);
    },
  };
}

async function readHoldings(db: CommonQueryMethods, owner: string): Promise<readonly Holding[]> {
  const rows = await db.any(sql.prepared('ledger_holdings', holdingRow)`
    SELECT w.asset, w.available_minor AS "availableMinor", w.held_minor AS "heldMinor", b.bucket,
           b.expires_at AS "expiresAt", b.available_minor AS "bucketMinor"
    FROM ledger.wallet_balance w
    LEFT JOIN ledger.bucket_balance b ON b.owner_id = w.owner_id AND b.asset = w.asset AND b.balance_minor > 0
    WHERE w.owner_id = ${owner}::uuid
    ORDER BY w.asset, b.expires_at NULLS LAST, array_position(ARRAY['free', 'plan', 'promo', 'paid'], b.bucket)`);
  const byAsset = new Map<Asset, WalletBalance & { buckets: Holding['buckets'][number][] }>();
  for (const { asset: code, availableMinor, heldMinor, bucket: lot, expiresAt, bucketMinor } of rows) {
    const holding = byAsset.get(code) ?? { asset: code, availableMinor, heldMinor, buckets: [] };
    if (lot !== null && bucketMinor !== null)
      holding.buckets.push({ bucket: lot, expiresAt, availableMinor: bucketMinor });
    byAsset.set(code, holding);
  }
  return [...byAsset.values()];
}

const newest = 9_223_372_036_854_775_807n;

async function readTransactions(db: CommonQueryMethods, query: TransactionQuery): Promise<TransactionPage> {
  const before = query.cursor === undefined ? newest : readCursor(query.cursor);
  if (before === undefined) return { outcome: 'bad_cursor' };
  const rows = await db.any(sql.prepared('ledger_transactions', transactionRow)`
    SELECT id, asset, kind, key, hold_key AS "holdKey", reverses, amount_minor AS "amountMinor",
           balance_before_minor AS "balanceBeforeMinor", balance_after_minor AS "balanceAfterMinor", cause,
           event_at AS "eventAt", recorded_at AS "recordedAt"
    FROM ledger.transactions_before(${query.owner}::uuid, ${query.asset ?? null},
      ${query.direction ?? null}, ${before}, ${query.limit + 1})`);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    outcome: 'page',
    items,
    nextCursor: rows.length > query.limit && last !== undefined ? writeCursor(last.id) : null,
  };
}

async function readTransaction(db: CommonQueryMethods, owner: string, id: bigint) {
  const page = await readTransactions(db, { owner, limit: 1, cursor: writeCursor(id + 1n) });
  const transaction = page.outcome === 'page' ? page.items[0] : undefined;
  if (transaction?.id !== id) return null;
  const { holdKey } = transaction;
  if (holdKey === null) return { transaction, hold: null };
  const hold = await db.maybeOne(sql.prepared('ledger_hold', holdRow)`
    SELECT amount_minor AS "amountMinor", coalesce(captured_minor, 0)::bigint AS "capturedMinor",
           created_at AS "createdAt", resolved_at AS "resolvedAt"
    FROM ledger.hold_log WHERE key = ${holdKey} AND owner_id = ${owner}::uuid`);
  return { transaction, hold };
}

function writeCursor(id: bigint): string {
  return Buffer.from(`t${id}`).toString('base64url');
}

function readCursor(cursor: string): bigint | undefined {
  const match = /^t(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  return match?.[1] === undefined ? undefined : BigInt(match[1]);
}
