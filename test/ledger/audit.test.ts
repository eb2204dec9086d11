import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { asset, because, type LedgerBench, someKey } from '../support/ledger.ts';
import { ledgerPlants } from './audit-plants.ts';

describe('the audit of the ledger', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench();
    await liveALittle(bench);
  });
  after(() => bench.close());

  it('finds nothing in books that were only written by the verbs', async () => {
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  });

  for (const plant of ledgerPlants) {
    it(`finds by ${plant.check} that ${plant.what}, and names the row`, async () => {
      const findings = await bench.auditWith(plant.statements, ledgerChecks);
      const named = findings.filter(({ check, subject }) => check === plant.check && plant.subject.test(subject));
      assert.notEqual(named.length, 0, JSON.stringify(findings));
    });
  }

  it('has a planted violation for every check and for every table', () => {
    const planted = new Set(ledgerPlants.map((plant) => plant.check));
    assert.deepEqual(
      ledgerChecks.map((check) => check.name).filter((name) => !planted.has(name)),
      [],
    );
    const tables = [
      'wallet',
      'account',
      'hold',
      'hold_part',
      'transfer',
      'entry',
      'request',
      'balance_snapshot',
      'block',
    ];
    const text = ledgerPlants.flatMap((plant) => plant.statements).join('\n');
    assert.deepEqual(
      tables.filter((table) => !new RegExp(`(UPDATE|DELETE FROM) ledger\\.${table} `).test(text)),
      [],
    );
  });
});

/** Every verb once, two people, several lots, sealed blocks and snapshots. */
async function liveALittle(bench: LedgerBench): Promise<void> {
  const [anna, boris] = [randomUUID(), randomUUID()];
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await bench.give(anna, 100n, { bucket: 'promo', expiresAt });
  const last = await bench.give(anna, 50n);
  await bench.give(boris, 5n);
  const spent = await bench.hold(anna, 120n);
  await bench.ledger.capture({ key: someKey(), holdKey: spent, amountMinor: 110n, cause: because('capture') });
  await bench.ledger.release({ key: someKey(), holdKey: await bench.hold(anna, 9n), cause: because('undo') });
  const parked = await bench.hold(anna, 7n);
  await bench.ledger.extend({ key: someKey(), holdKey: parked, ttlMs: 7_200_000 });
  const amount = money(3n, asset);
  await bench.ledger.transfer({ key: someKey(), from: anna, to: boris, amount, cause: because('gift') });
  await bench.ledger.reverse({ key: someKey(), transferId: last, cause: because('refund') });
  await bench.ledger.reverse({ key: someKey(), transferId: await bench.give(boris, 8n), cause: because('refund') });
  for (let block = 0; block < 4; block += 1) await bench.owner.query('SELECT ledger.seal(3)');
  await bench.owner.query('SELECT ledger.snapshot_system_balances()');
}
