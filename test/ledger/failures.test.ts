import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'slonik';
import { z } from 'zod';
import { money } from '../../core/money.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { openCuttingProxy } from '../support/cutting-proxy.ts';
import { asset, because, someKey } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { checkViolation, rejectsWith } from '../support/rejects.ts';

describe('the ledger when the database fails it', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench();
  });
  after(() => bench.close());

  const openOther = (url: string, size: number): Promise<DatabasePool> =>
    openPool({
      url,
      size,
      applicationName: 'ledger-test-other',
      logger: silent,
      checkRows: true,
      acquireTimeoutMs: 300,
    });
  const slow = sql.type(z.object({ done: z.literal(true) }))`SELECT pg_sleep(2) IS NOT NULL AS done`;
  const reservation = (owner: string, minor: bigint) => ({
    ...{ key: someKey('reserve'), cause: because('reserve'), owner, amount: money(minor, asset), ttlMs: 60_000 },
  });

  it('L4: goes on with a clean connection after an error inside a transaction', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const one = await openOther(bench.database.url, 1);
    const ledger = createLedger(one);
    for (let round = 0; round < 5; round += 1) {
      await rejectsWith(checkViolation, ledger.reserve(reservation(anna, 0n)));
      assert.equal((await ledger.reserve(reservation(anna, 1n))).outcome, 'held');
    }
    await one.end();
  });

  it('L5: asks again when it was the victim of a deadlock, and acts once', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const counts = await failAnswers(bench, 2);
    assert.equal((await bench.ledger.reserve(reservation(anna, 4n))).outcome, 'held');
    assert.equal(await counts.attempts(), 3);
    assert.equal(await bench.held(anna), 4n);
    await counts.stop();
  });

  it('L5: gives up after three deadlocks, with nothing done', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const counts = await failAnswers(bench, 99);
    await rejectsWith('40P01', bench.ledger.reserve(reservation(anna, 4n)));
    assert.equal(await counts.attempts(), 3);
    await counts.stop();
    assert.equal(await bench.held(anna), 0n);
  });

  it('L7: gives the first answer when the commit was done and its answer was lost, and acts once', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    const proxy = await openCuttingProxy(bench.database.url);
    const cut = await openOther(proxy.url, 1);
    const request = reservation(anna, 30n);
    proxy.cutAfter(request.key);
    await assert.rejects(createLedger(cut).reserve(request));
    assert.equal(proxy.cuts(), 1);
    const again = await bench.ledger.reserve(request);
    assert.deepEqual([again.outcome, again.replayed], ['held', true]);
    assert.equal(await bench.held(anna), 30n);
    await cut.end();
    await proxy.close();
  });

  it('L8: refuses fast when 500 slow requests have taken all connections, while a reserved pool answers', async () => {
    const [crowded, reserved] = [await openOther(bench.database.url, 4), await openOther(bench.database.url, 1)];
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const startedAt = performance.now();
    const crowd = Array.from({ length: 500 }, async () => {
      try {
        return (await crowded.one(slow)).done && 'served';
      } catch (error) {
        assert.equal((error as Error).name, 'BusyError');
        return performance.now() - startedAt;
      }
    });
    assert.equal((await createLedger(reserved).reserve(reservation(anna, 1n))).outcome, 'held');
    assert.ok(performance.now() - startedAt < 1_000);
    const ends = await Promise.all(crowd);
    const refusedAfterMs = ends.filter((end) => typeof end === 'number');
    assert.deepEqual([refusedAfterMs.length, ends.filter((end) => end === 'served').length], [496, 4]);
    assert.ok(Math.max(...refusedAfterMs) < 1_500, `${Math.max(...refusedAfterMs)} ms`);
    await crowded.end();
    await reserved.end();
  });

  it('leaves books in which the audit finds nothing', async () => {
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  });
});

/** Makes the ledger's next answers fail as a deadlock does; a sequence counts, since it never rolls back. */
async function failAnswers({ owner }: AuditBench, times: number) {
  await owner.query(`
    CREATE SEQUENCE public.attempt;
    CREATE FUNCTION public.fail_as_deadlock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      IF nextval('public.attempt') <= ${times} THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fail_as_deadlock BEFORE INSERT ON ledger.request FOR EACH ROW
      EXECUTE FUNCTION public.fail_as_deadlock()`);
  return {
    async attempts() {
      const { rows } = await owner.query<{ last_value: string }>('SELECT last_value FROM public.attempt');
      return Number(rows[0]?.last_value);
    },
    async stop() {
      await owner.query('DROP FUNCTION public.fail_as_deadlock CASCADE; DROP SEQUENCE public.attempt');
    },
  };
}
