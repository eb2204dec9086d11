import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Cause } from '../../core/flows/flow.ts';
import { money } from '../../core/money.ts';
import { openPool } from '../../db/pool.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { silent } from '../support/log.ts';
import type { BenchDatabase } from './ground.ts';

/** Buys once: holds one credit of a person and captures it. */
export type Buy = (person: string) => Promise<void>;

export interface LedgerContestant {
  readonly buy: Buy;
  close(): Promise<void>;
}

/** The connections of either side, as many as one process of ours has. */
const poolSize = 8;
const ttlMs = 24 * 60 * 60 * 1000;
const asset = 'CREDIT';

/** Our ledger over our pool, set as in production. */
export async function openOurs(database: BenchDatabase): Promise<LedgerContestant> {
  const pool = await openPool({
    url: database.url,
    size: poolSize,
    applicationName: 'bench-ours',
    logger: silent,
    checkRows: false,
  });
  const ledger = createLedger(pool);
  return {
    async buy(person) {
      const order = randomUUID();
      const [holdKey, key] = [`bench/${order}/reserve`, `bench/${order}/capture`];
      const amount = money(1n, asset);
      const held = await ledger.reserve({
        key: holdKey,
        owner: person,
        amount,
        ttlMs,
        cause: because(order, 'reserve'),
      });
      expect('held', held.outcome);
      const captured = await ledger.capture({ key, holdKey, amountMinor: 1n, cause: because(order, 'capture') });
      expect('captured', captured.outcome);
    },
    close: () => pool.end(),
  };
}

const reserveText = `SELECT ledger.reserve($1, $2::uuid, $3, $4, make_interval(secs => $5), $6::jsonb) AS answer`;
const captureText = `SELECT ledger.capture($1, $2, $3, $4::jsonb, $5::timestamptz) AS answer`;

/** The same two functions, called by bare pg with named prepared statements. */
export function openBare(database: BenchDatabase): LedgerContestant {
  const pool = new pg.Pool({
    connectionString: database.url,
    max: poolSize,
    min: poolSize,
    idleTimeoutMillis: 0,
    // As our own connections: the comparison is about what stands between the caller and the functions.
    options: '-c plan_cache_mode=force_generic_plan',
  });
  const ask = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await pool.query<{ answer: { outcome: string } }>({ name, text, values });
    return rows[0]?.answer.outcome;
  };
  return {
    async buy(person) {
      const order = randomUUID();
      const [holdKey, key] = [`bench/${order}/reserve`, `bench/${order}/capture`];
      const cause = (step: string) => JSON.stringify(because(order, step));
      expect('held', await ask('reserve', reserveText, [holdKey, person, asset, '1', ttlMs / 1000, cause('reserve')]));
      expect('captured', await ask('capture', captureText, [key, holdKey, '1', cause('capture'), null]));
    },
    close: () => pool.end(),
  };
}

/** Gives once, out of a system account: what the bench of hot system accounts does. */
export async function openGiver(database: BenchDatabase) {
  const pool = await openPool({
    url: database.url,
    size: poolSize,
    applicationName: 'bench-giver',
    logger: silent,
    checkRows: false,
  });
  const ledger = createLedger(pool);
  return {
    async give(person: string, source: string): Promise<void> {
      const order = randomUUID();
      const [key, cause] = [`bench/${order}/credit`, because(order, 'credit')];
      const { outcome } = await ledger.credit({
        key,
        cause,
        owner: person,
        amount: money(1n, asset),
        bucket: 'paid',
        source,
      });
      expect('credited', outcome);
    },
    close: () => pool.end(),
  };
}

/** The id of the n-th person of a bench. */
export function personId(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Somebody of so many, each as likely as the other. */
export function anyone(people: number): string {
  return personId(1 + Math.floor(Math.random() * people));
}

const fillCause = `jsonb_build_object('workflowId', 'bench/fill', 'step', 'fill', 'actor', 'system')`;
const nth = `('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** Gives so many people a wallet with more than any bench spends. */
export async function giveWallets({ ownerUrl }: BenchDatabase, people: number): Promise<void> {
  await asFiller(ownerUrl, async (client) => {
    await client.query(
      `SELECT count(ledger.credit('bench/fill/' || n, ${nth}, '${asset}', 1000000000, 'paid', NULL,
         'issued:${asset}', '[]', ${fillCause})) FROM generate_series(1, $1) n`,
      [people],
    );
    await client.query('VACUUM ANALYZE');
  });
}

/**
 * Grows a ledger to so many entries by purchases (two entries each), all by the verbs themselves, so that it holds what
 * a ledger of that age holds: holds, parts, transfers, requests.
 */
export async function growTo(database: BenchDatabase, entries: number, people: number): Promise<void> {
  const clients = 2;
  const purchases = Math.ceil(entries / 2 / clients);
  const grow = async (part: number) =>
    asFiller(database.ownerUrl, async (client) => {
      for (let done = 0; done < purchases; done += batch) {
        await client.query(growText, [part, done + 1, Math.min(done + batch, purchases), people]);
      }
    });
  await Promise.all(Array.from({ length: clients }, (_, part) => grow(part)));
  await asFiller(database.ownerUrl, (client) => client.query('VACUUM ANALYZE'));
}

const batch = 2_000;

/** Purchases part/from to part/upto; the two clients take people of their own, so that none waits for the other. */
const growText = `
  SELECT count(ledger.capture('grow/' || $1 || '/' || i || '/capture', held ->> 'holdKey', 1, ${fillCause}))
  FROM (
    SELECT i, ledger.reserve('grow/' || $1 || '/' || i || '/reserve', ${nth}, '${asset}', 1, interval '1 day',
      ${fillCause}) AS held
    FROM (SELECT i, 1 + 2 * (i % ($4::int / 2)) + $1::int AS n FROM generate_series($2::int, $3::int) i) people
    OFFSET 0
  ) purchases`;

const fillerOptions = '-c synchronous_commit=off -c plan_cache_mode=force_generic_plan';

async function asFiller(connectionString: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString, options: fillerOptions });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

function because(order: string, step: string): Cause {
  return { workflowId: `bench/${order}`, runId: order, step, actor: 'system' };
}

function expect(wanted: string, outcome: string | undefined): void {
  if (outcome !== wanted) throw new Error(`the ledger answered ${outcome ?? 'nothing'} instead of ${wanted}`);
}
