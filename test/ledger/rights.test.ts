import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { insufficientPrivilege, rejectsWith, restrictViolation } from '../support/rejects.ts';

/** Every table, with a column that an attacker would like to write. */
const columns = {
  wallet: 'owner_id',
  account: 'balance_minor',
  hold: 'status',
  hold_part: 'amount_minor',
  transfer: 'cause',
  entry: 'amount_minor',
  request: 'answer',
  balance_snapshot: 'balance_minor',
  block: 'hash',
};
const appendOnly = ['transfer', 'entry', 'request', 'block'] as const;

describe('rights on the ledger', () => {
  let bench: LedgerBench;
  let application: pg.Client;
  before(async () => {
    bench = await openLedgerBench();
    const anna = randomUUID();
    await bench.give(anna, 10n);
    const holdKey = await bench.hold(anna, 5n);
    await bench.ledger.capture({
      key: randomUUID(),
      holdKey,
      amountMinor: 5n,
      cause: { workflowId: 'w', step: 's', actor: 'a' },
    });
    await bench.owner.query('SELECT ledger.seal(100)');
    application = new pg.Client({ connectionString: bench.database.url });
    await application.connect();
  });
  after(async () => {
    await application.end();
    await bench.close();
  });

  for (const [table, column] of Object.entries(columns)) {
    for (const statement of [
      `UPDATE ledger.${table} SET ${column} = ${column}`,
      `DELETE FROM ledger.${table}`,
      `INSERT INTO ledger.${table} DEFAULT VALUES`,
      `TRUNCATE ledger.${table} CASCADE`,
      `SELECT 1 FROM ledger.${table}`,
      `ALTER TABLE ledger.${table} DISABLE TRIGGER ALL`,
    ]) {
      it(`L10: refuses the application role: ${statement}`, () =>
        rejectsWith(insufficientPrivilege, application.query(statement)));
    }
  }

  it('L10: lets the application role call the verbs and no inner function', async () => {
    const { rows } = await bench.owner.query<{ name: string; allowed: boolean }>(`
      SELECT p.proname AS name, has_function_privilege('holdfast_app', p.oid, 'EXECUTE') AS allowed
      FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace ORDER BY 1`);
    const allowed = rows.filter((row) => row.allowed).map((row) => row.name);
    assert.deepEqual(allowed, [
      'balance_at',
      'capture',
      'claim_due_holds',
      'credit',
      'expire',
      'expire_due_lots',
      'extend',
      'owners_moved',
      'release',
      'reserve',
      'reverse',
      'seal',
      'snapshot_system_balances',
      'system_balance',
      'transactions_before',
      'transfer',
      'transfer_of',
    ]);
    await rejectsWith(
      insufficientPrivilege,
      application.query("SELECT ledger.open_wallet(gen_random_uuid(), 'CREDIT')"),
    );
    await rejectsWith(
      insufficientPrivilege,
      application.query("SELECT ledger.post('credit', 'k', '', '{}', '{}', now())"),
    );
  });

  it("pins the search_path of every function that runs with the owner's rights", async () => {
    const { rows } = await bench.owner.query(`
      SELECT proname FROM pg_proc WHERE pronamespace IN ('ledger'::regnamespace, 'app'::regnamespace) AND prosecdef
        AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)`);
    assert.deepEqual(rows, []);
  });

  for (const table of appendOnly) {
    it(`refuses even the owner to change, delete or empty ledger.${table}`, async () => {
      const column = columns[table];
      await rejectsWith(restrictViolation, bench.owner.query(`UPDATE ledger.${table} SET ${column} = ${column}`));
      await rejectsWith(restrictViolation, bench.owner.query(`DELETE FROM ledger.${table}`));
      await rejectsWith(restrictViolation, bench.owner.query(`TRUNCATE ledger.${table} CASCADE`));
    });
  }

  it('refuses a transfer whose entries do not sum to zero, whoever writes it', async () => {
    const statement = bench.owner.query(`
      INSERT INTO ledger.entry (transfer_id, account_id, asset, amount_minor)
      SELECT id, 1, 'CREDIT', 5 FROM ledger.transfer LIMIT 1`);
    await rejectsWith('23514', statement);
  });
});
