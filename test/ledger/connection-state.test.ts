import assert from 'node:assert/strict';
import { SchemaValidationError, sql } from 'slonik';
import { z } from 'zod';
import { openPool } from '../../db/pool.ts';
import { leakedState } from '../support/connection-state.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { silent } from '../support/log.ts';

describe('the state of a connection', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  it('is the same for everyone: no setting, lock, channel or temporary table stays behind', async () => {
    await bench.pool.transaction((transaction) => transaction.query(sql.unsafe`SET LOCAL work_mem = '8MB'`));
    assert.deepEqual(await leakedState(bench.pool, 4), []);
  });

  for (const [what, statement, leak] of [
    ['a SET outside of LOCAL', sql.unsafe`SET work_mem = '8MB'`, /^setting work_mem = 8192$/],
    ['an advisory lock', sql.unsafe`SELECT pg_advisory_lock(42)`, /^an advisory lock$/],
    ['a temporary table', sql.unsafe`CREATE TEMPORARY TABLE scratch (id int)`, /^temporary table scratch$/],
    ['a channel', sql.unsafe`LISTEN somebody`, /^listening to somebody$/],
  ] as const) {
    it(`would be seen to leak ${what}`, async () => {
      const url = bench.database.ownerUrl;
      const pool = await openPool({ url, size: 2, applicationName: 'leaky', logger: silent, checkRows: true });
      await pool.query(statement);
      const leaks = await leakedState(pool, 2);
      await pool.end();
      assert.equal(leaks.length, 1);
      assert.match(leaks[0] ?? '', leak);
    });
  }

  it('is UTC and loses no digits: int8 as bigint, times with microseconds and zone', async () => {
    const row = z.object({ big: z.bigint(), at: z.string(), share: z.string() });
    const values = await bench.pool.one(sql.type(row)`
      SELECT 9007199254740993 AS big, timestamptz '2026-01-02 03:04:05.678901+03' AS at, 0.1::numeric AS share`);
    assert.deepEqual({ ...values }, { big: 9_007_199_254_740_993n, at: '2026-01-02T00:04:05.678901Z', share: '0.1' });
  });

  it('has its rows checked against their schema', async () => {
    const wrong = sql.type(z.object({ id: z.string() }))`SELECT 1 AS id`;
    await assert.rejects(bench.pool.one(wrong), SchemaValidationError);
  });
});
