import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTemporalClient } from '../../gateway/connection.ts';
import { openExchange, merchant, orderOf } from '../support/heleket.ts';
import { compare, type Figure } from './compare.ts';
import { execute, type BenchGround } from './ground.ts';
import type { Run } from './load.ts';
import type { Scale } from './scale.ts';
import { startStack } from './stack.ts';
import { latencyOf } from './statistics.ts';

const callsPerSecond = 10;
const createdAtOnce = 50;
/** Two by hand, beside the one of the schedule. */
const sweeps = 2;

type Exchange = Awaited<ReturnType<typeof openExchange>>;

/**
 * Very many invoices of Heleket that wait for their payers, all asked about at the provider's rate: sweeps of a
 * worker, which share one rate, beside one plain client that calls by a timer. More calls in any second than the rate
 * allows are an error, but for one: what leaves evenly may arrive unevenly.
 */
export async function sweepBench(ground: BenchGround, scale: Scale): Promise<Figure[]> {
  const { invoices, rounds } = scale.sweep;
  const [statePath, copyPath] = [join(ground.home, 'heleket.json'), join(ground.home, 'heleket-copy.json')];
  const ids = await fill(statePath, invoices);
  copyFileSync(statePath, copyPath);
  // New ones over the same invoices, which have counted no calls yet.
  const [exchange, other] = [await openExchange({ statePath }), await openExchange({ statePath: copyPath })];
  ground.onStop(exchange.stop);
  ground.onStop(other.stop);
  const stack = await startStack(ground, {
    people: 1,
    variables: {
      HELEKET_MERCHANT_ID: merchant.merchantId,
      HELEKET_PAYMENT_KEY: merchant.paymentKey,
      HELEKET_API_URL: exchange.url,
      HELEKET_CALLS_PER_SECOND: String(callsPerSecond),
    },
  });
  await execute(stack.database.ownerUrl, openTopups, [ids]);
  const temporal = openTemporalClient({ address: stack.temporalAddress, namespace: 'default' });
  ground.onStop(() => temporal.close());
  const sweep = () =>
    temporal.client.workflow.execute('housekeeping', {
      taskQueue: 'holdfast',
      workflowId: `bench-sweep/${randomUUID()}`,
      args: [{ job: 'sweepPayments' }],
    });
  const figure = await compare({
    bench: `Heleket: ${invoices} waiting invoices swept, ${callsPerSecond} calls/s allowed`,
    baseline: 'one client that lists by a timer',
    wantedRatio: 0.9,
    rounds,
    ours: async () => strictly(await run(exchange, () => Promise.all(Array.from({ length: sweeps }, sweep)))),
    bare: () => run(other, () => listByTimer(other)),
    onRun: ground.tell,
  });
  return [figure];
}

/** Invoices of a simulator that ends again, so that only its file is left; resolves with their top-ups. */
async function fill(statePath: string, invoices: number): Promise<string[]> {
  const exchange = await openExchange({ statePath });
  const ids = Array.from({ length: invoices }, () => randomUUID());
  for (let from = 0; from < ids.length; from += createdAtOnce) {
    const created = ids.slice(from, from + createdAtOnce).map(async (id) => {
      const { outcome } = await exchange.client.create(id, exchange.client.createBody(orderOf(id)));
      if (outcome !== 'done') throw new Error(`an invoice was not created: ${outcome}`);
    });
    await Promise.all(created);
  }
  await exchange.stop();
  return ids;
}

const openTopups = `INSERT INTO app.topup
  (id, user_id, status, pack_id, title, provider, catalogue_version, price_minor, price_asset, grants_minor,
   grants_asset, request_hash)
  SELECT id, (SELECT min(id::text)::uuid FROM app.users), 'awaiting_payment', 'bench', '100 credits', 'heleket',
    'bench', 50000, 'RUB', 100, 'CREDIT', '\\x00' FROM unnest($1::uuid[]) id`;

/**
 * What a sweep would do if it had the rate for itself: a call in each tick, page after page. It ends with the last
 * answer, as a sweep does, which waits before a call and never after one: both take one tick less than they have calls.
 */
async function listByTimer({ client }: Exchange): Promise<void> {
  const createdFrom = new Date(Date.now() - 3_600_000).toISOString();
  const startedMs = performance.now();
  let calls = 0;
  for (let cursor: string | undefined; ;) {
    const page = await client.list({ createdFrom, ...(cursor === undefined ? {} : { cursor }) });
    if (page.outcome !== 'done') throw new Error(`the list was not answered: ${page.outcome}`);
    calls += 1;
    cursor = page.value.nextCursor;
    if (cursor === undefined) return;
    await sleep(Math.max(0, startedMs + (calls * 1_000) / callsPerSecond - performance.now()));
  }
}

interface Counted extends Run {
  /** The most calls within any second since the provider's start. */
  readonly inSecondMax: number;
}

/** Counts what the provider was called for meanwhile, whoever called. */
async function run({ state }: Exchange, act: () => Promise<unknown>): Promise<Counted> {
  const before = (await state()).traffic;
  const startedMs = performance.now();
  await act();
  const tookMs = performance.now() - startedMs;
  const { traffic } = await state();
  const count = traffic.calls - before.calls;
  const figures = { count, perSecond: count / (tookMs / 1_000), latency: latencyOf([tookMs]) };
  return { ...figures, inSecondMax: traffic.callsInSecondMax, errors: 0, moments: {}, cpuMsEach: {}, complaints: [] };
}

/** The same run, with more calls than the rate allows taken as an error. */
function strictly(counted: Counted): Run {
  if (counted.inSecondMax <= callsPerSecond + 1) return counted;
  return { ...counted, errors: 1, complaints: [`${counted.inSecondMax} calls within a second`] };
}
