import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ledgerChecks } from '../../ledger/audit.ts';
import { createLedgerUpkeep } from '../../ledger/upkeep.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { because, someKey } from '../support/ledger.ts';

describe('snapshots and seals', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench({ poolSize: 8 });
  });
  after(() => bench.close());

  const upkeep = () => createLedgerUpkeep(bench.pool);
  const issued = () => bench.reads.systemBalance('issued:CREDIT', 'CREDIT');
  const sealedCount = async () => {
    const { rows } = await bench.owner.query<{ count: string }>(
      'SELECT coalesce(sum(entry_count), 0) AS count FROM ledger.block',
    );
    return Number(rows[0]?.count);
  };
  const entryCount = async () => {
    const { rows } = await bench.owner.query<{ count: string }>('SELECT count(*) FROM ledger.entry');
    return Number(rows[0]?.count);
  };

  it('give a system account its balance before, at and after a snapshot', async () => {
    const before = await issued();
    await bench.give(randomUUID(), 10n);
    assert.equal(await issued(), before - 10n);
    await upkeep().snapshotSystemBalances();
    assert.equal(await issued(), before - 10n);
    await bench.give(randomUUID(), 5n);
    assert.equal(await issued(), before - 15n);
    assert.equal(await bench.reads.systemBalance('never:used', 'RUB'), 0n);
  });

  it('miss no entry of a transaction that was open while they were taken', async () => {
    const before = await issued();
    const slow = await bench.owner.connect();
    await slow.query('BEGIN');
    await slow.query("SELECT ledger.credit($1, $2, 'CREDIT', 100, 'paid', NULL, 'issued:CREDIT', NULL, $3)", [
      someKey(),
      randomUUID(),
      JSON.stringify(because('slow')),
    ]);
    // Later numbers commit first, and are counted and sealed as far as the open transaction lets them.
    for (let turn = 0; turn < 5; turn += 1) await bench.give(randomUUID(), 1n);
    await upkeep().snapshotSystemBalances();
    const sealedBefore = await sealedCount();
    await upkeep().seal(100);
    const sealedWhileOpen = await sealedCount();
    assert.equal(await issued(), before - 5n);
    await slow.query('COMMIT');
    slow.release();
    assert.equal(await issued(), before - 105n);
    await upkeep().snapshotSystemBalances();
    assert.equal(await issued(), before - 105n);
    while ((await upkeep().seal(100)) > 0);
    assert.equal(await sealedCount(), await entryCount());
    assert.ok(sealedWhileOpen - sealedBefore < (await entryCount()) - sealedBefore);
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  });

  it('are right while eight hands write and two jobs of each kind run', async () => {
    const before = await issued();
    let isOver = false;
    const job = async (turn: () => Promise<number>) => {
      while (!isOver) await turn();
    };
    const jobs = [1, 2].flatMap(() => [job(() => upkeep().snapshotSystemBalances()), job(() => upkeep().seal(7))]);
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let turn = 0; turn < 40; turn += 1) await bench.give(randomUUID(), 1n);
      }),
    );
    isOver = true;
    await Promise.all(jobs);
    assert.equal(await issued(), before - 320n);
    while ((await upkeep().seal(50)) > 0);
    assert.equal(await sealedCount(), await entryCount());
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  }).timeout(60_000);
});
