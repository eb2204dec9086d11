import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { runVerb } from '../support/verb.ts';

describe('holdfast audit', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
    await bench.give(randomUUID(), 100n);
  });
  after(() => bench.close());

  const audit = (...options: string[]) => runVerb(bench.database, 'audit', ...options);

  it('exits 0 when everything holds, and 1 naming the row that was changed by hand', async () => {
    const clean = await audit();
    assert.equal(clean.code, 0, clean.stdout + clean.stderr);
    assert.match(clean.stdout, /Everything holds\.\n$/);

    const { rows } = await bench.owner.query<{ id: string }>(
      'SELECT id FROM ledger.account WHERE wallet_id IS NOT NULL',
    );
    await bench.owner.query('UPDATE ledger.account SET balance_minor = balance_minor + 1 WHERE wallet_id IS NOT NULL');
    const dirty = await audit('--json');
    assert.equal(dirty.code, 1);
    const { ok, findings } = JSON.parse(dirty.stdout) as {
      ok: boolean;
      findings: { check: string; subject: string }[];
    };
    assert.equal(ok, false);
    assert.ok(
      findings.some(({ check, subject }) => check === 'stored_balance' && subject === `account ${rows[0]?.id}`),
    );
    assert.match((await audit()).stdout, /FAILED {2}stored_balance/);
  }).timeout(60_000);
});
