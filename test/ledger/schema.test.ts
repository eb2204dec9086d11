import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder, testEnvironment } from '../support/environment.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { describeSchema } from '../support/schema.ts';

const file = join(repositoryFolder, 'db', 'schema.txt');

describe('the schema', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  it('is what db/schema.txt says; HOLDFAST_TEST_WRITE_SCHEMA=1 writes it anew', async () => {
    const present = await describeSchema(bench.owner);
    if (testEnvironment().variables['HOLDFAST_TEST_WRITE_SCHEMA'] === '1') await writeFile(file, present);
    assert.deepEqual(present.split('\n'), (await readFile(file, 'utf8')).split('\n'));
  });

  it('would be seen to drift', async () => {
    const before = await describeSchema(bench.owner);
    await bench.owner.query(
      'GRANT UPDATE ON ledger.wallet TO holdfast_app; CREATE INDEX drift_idx ON ledger.hold (asset)',
    );
    const lines = new Set(before.split('\n'));
    const drift = (await describeSchema(bench.owner)).split('\n').filter((line) => !lines.has(line));
    assert.deepEqual(drift, [
      'holdfast_app may UPDATE ledger.wallet',
      'table ledger.hold index CREATE INDEX drift_idx ON ledger.hold USING btree (asset)',
    ]);
  });
});
