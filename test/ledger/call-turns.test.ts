import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createCallTurns } from '../../db/call-turns.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { silent } from '../support/log.ts';

describe('Turns of calls that all processes share', () => {
  let bench: LedgerBench;
  let pools: DatabasePool[];
  const rules = { everyMs: 1_000, patienceMs: 60_000 };

  before(async () => {
    bench = await openLedgerBench();
    const { url } = bench.database;
    const open = (number: number) =>
      openPool({ url, size: 2, applicationName: `process-${number}`, logger: silent, checkRows: true });
    pools = await Promise.all([1, 2, 3].map(open));
  });
  after(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await bench.close();
  });

  it('lie apart, whichever process asks: no two calls get the same one', async () => {
    const way = randomUUID();
    const asked = pools.flatMap((pool) => Array.from({ length: 4 }, () => createCallTurns(pool).take(way, rules)));
    const waits = (await Promise.all(asked)).map((turn) => (turn.ok ? turn.waitMs : Number.NaN));
    const places = waits.map((waitMs) => Math.ceil(waitMs / rules.everyMs)).toSorted((a, b) => a - b);
    assert.deepEqual(places, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('are not taken by a call that would have to wait too long, so that nobody waits behind it', async () => {
    const [turns, way] = [createCallTurns(bench.pool), randomUUID()];
    await turns.take(way, rules);
    const impatient = await turns.take(way, { ...rules, patienceMs: 10 });
    assert.ok(!impatient.ok && impatient.retryAfterMs > 10 && impatient.retryAfterMs <= 1_000);
    const next = await turns.take(way, rules);
    assert.ok(next.ok && next.waitMs <= 1_000);
  });

  it('are taken by each way for itself', async () => {
    const turns = createCallTurns(bench.pool);
    await turns.take(randomUUID(), rules);
    assert.deepEqual(await turns.take(randomUUID(), rules), { ok: true, waitMs: 0 });
  });
});
