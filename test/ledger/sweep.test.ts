import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createLedgerJobs } from '../../activities/ledger-jobs.ts';
import { createDueHolds } from '../../db/due-holds.ts';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { createLedgerUpkeep } from '../../ledger/upkeep.ts';
import { because, type LedgerBench } from '../support/ledger.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { silent } from '../support/log.ts';
import { insertGeneration, insertPerson } from '../support/orders.ts';
import { scaled } from '../support/scale.ts';

const jobsOver = (pool: DatabasePool) =>
  createLedgerJobs({ upkeep: createLedgerUpkeep(pool), dueHolds: createDueHolds(pool), batchSize: 50 });

describe('the sweep', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench();
  });
  after(() => bench.close());

  it('L12: expires each of 10,000 due holds once, with three sweepers at it', async () => {
    const holdCount = scaled(10_000);
    const people = Array.from({ length: 20 }, () => randomUUID());
    for (const person of people) await bench.give(person, BigInt(holdCount));
    await makeHolds(bench, people, holdCount);
    const pools = await Promise.all(
      [1, 2, 3].map((number) =>
        openPool({
          url: bench.database.url,
          size: 1,
          applicationName: `sweeper-${number}`,
          logger: silent,
          checkRows: true,
        }),
      ),
    );
    // A sweeper passes over wallets that another has, so it may end while some are left: the schedule runs it again.
    let expired = 0;
    for (let round = 0; round < 100 && expired < holdCount; round += 1) {
      const turns = await Promise.all(pools.map((pool) => jobsOver(pool).expireDueHolds()));
      expired += turns.reduce((sum, turn) => sum + turn.expired, 0);
    }
    await Promise.all(pools.map((pool) => pool.end()));
    assert.equal(expired, holdCount);
    const { rows } = await bench.owner.query<{ open: string; requests: string }>(`
      SELECT count(*) FILTER (WHERE status = 'open') AS open,
             (SELECT count(*) FROM ledger.request WHERE verb = 'expire') AS requests FROM ledger.hold`);
    assert.deepEqual(rows[0], { open: '0', requests: `${holdCount}` });
    for (const person of people) assert.equal(await bench.available(person), BigInt(holdCount));
  }).timeout(120_000);

  it('opens a case for the due hold of a live order, another when that was closed, and returns no money', async () => {
    const { anna, holdKey, workflowId } = await annaOrders(bench);
    await bench.letHoldEnd(holdKey);
    assert.deepEqual(await jobsOver(bench.pool).expireDueHolds(), { expired: 0, flagged: 1 });
    assert.equal(await bench.held(anna), 10n);
    const cases = await bench.owner.query('SELECT kind FROM app.attention WHERE workflow_id = $1', [workflowId]);
    assert.deepEqual(cases.rows, [{ kind: 'hold_due' }]);
    assert.deepEqual(await jobsOver(bench.pool).expireDueHolds(), { expired: 0, flagged: 0 });
    await bench.letHoldEnd(holdKey);
    assert.equal((await jobsOver(bench.pool).expireDueHolds()).flagged, 1);
    const again = await bench.owner.query('SELECT 1 FROM app.attention WHERE workflow_id = $1', [workflowId]);
    assert.equal(again.rowCount, 1);

    await bench.owner.query('UPDATE app.attention SET closed_at = now() WHERE workflow_id = $1', [workflowId]);
    await bench.letHoldEnd(holdKey);
    await jobsOver(bench.pool).expireDueHolds();
    const open = 'SELECT 1 FROM app.attention WHERE workflow_id = $1 AND closed_at IS NULL';
    assert.equal((await bench.owner.query(open, [workflowId])).rowCount, 1);
  });

  it('passes over a wallet that is busy, and does not wait for it', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const holdKey = await bench.hold(anna, 10n);
    await bench.letHoldEnd(holdKey);
    const busy = await bench.owner.connect();
    await busy.query('BEGIN');
    await busy.query('SELECT 1 FROM ledger.wallet WHERE owner_id = $1 FOR UPDATE', [anna]);
    assert.deepEqual(await jobsOver(bench.pool).expireDueHolds(), { expired: 0, flagged: 0 });
    await busy.query('ROLLBACK');
    busy.release();
    assert.deepEqual(await jobsOver(bench.pool).expireDueHolds(), { expired: 1, flagged: 0 });
  });

  it('empties due lots in batches, closes them once, and leaves what is lent until the hold ends', async () => {
    const people = Array.from({ length: 120 }, () => randomUUID());
    for (const person of people) {
      await bench.give(person, 10n, { bucket: 'plan', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    }
    const holdKey = await bench.hold(people[0] ?? '', 4n);
    for (const person of people) await bench.letLotsEnd(person, 'plan');
    assert.deepEqual(await jobsOver(bench.pool).expireDueLots(), { lots: 120 });
    assert.deepEqual(await jobsOver(bench.pool).expireDueLots(), { lots: 0 });
    await bench.ledger.release({ key: `${holdKey}/undo`, holdKey, cause: because('undo') });
    assert.deepEqual(await jobsOver(bench.pool).expireDueLots(), { lots: 1 });
    const open = await bench.owner.query('SELECT 1 FROM ledger.account WHERE expires_at < now() AND closed_at IS NULL');
    assert.equal(open.rowCount, 0);
  });

  it('seals and snapshots what it made', async () => {
    const { entries } = await jobsOver(bench.pool).sealEntries();
    assert.ok(entries > 0);
    assert.deepEqual(await jobsOver(bench.pool).sealEntries(), { entries: 0 });
    assert.ok((await jobsOver(bench.pool).snapshotBalances()).accounts > 0);
    assert.deepEqual(await jobsOver(bench.pool).snapshotBalances(), { accounts: 0 });
    // Holds and lots were put into the past by hand here, which is what two of the checks exist to find.
    const byHand = ['hold_as_answered', 'transfer_as_requested'];
    assert.deepEqual(await bench.audit(ledgerChecks.filter((check) => !byHand.includes(check.name))), []);
  });
});

async function makeHolds(bench: LedgerBench, people: readonly string[], count: number): Promise<void> {
  await bench.owner.query(
    `SELECT ledger.reserve('due/' || i, ($1::uuid[])[1 + i % 20], 'CREDIT', 1, interval '1 millisecond', $2)
     FROM generate_series(1, $3) i`,
    [people, JSON.stringify(because('reserve', 'nobody/knows')), count],
  );
}

async function annaOrders(bench: LedgerBench) {
  const anna = await insertPerson(bench.owner);
  await bench.give(anna, 10n);
  const order = await insertGeneration(bench.owner, { person: anna });
  const cause = because('reserve', order.workflowId);
  const reserve = { generationId: order.id, key: order.holdKey, ttlMs: 3_600_000, cause };
  await createGenerationMoves(bench.pool).reserve(reserve);
  return { anna, ...order };
}
