import assert from 'node:assert/strict';
import { allParts, selectParts, suiteFiles } from '../run/plan.ts';

const names = (selection: Parameters<typeof selectParts>[0]): string[] => {
  const selected = selectParts(selection);
  return 'parts' in selected ? selected.parts.map(({ name }) => name) : [];
};

describe('the plan of a test run', () => {
  it('is all gates and all suites that have files, unless some are named', () => {
    const all = names({ names: [], long: false });
    for (const name of ['types', 'lint', 'format', 'imports', 'unused', 'unit', 'ledger', 'e2e'])
      assert.ok(all.includes(name), name);
    assert.deepEqual(names({ names: ['ledger', 'types'], long: false }), ['types', 'ledger']);
  });

  it('knows the gates by one name', () => {
    const gates = allParts.filter(({ kind }) => kind === 'gate').map(({ name }) => name);
    assert.deepEqual(names({ names: ['gates'], long: false }), gates);
  });

  it('refuses a name that nothing has', () => {
    assert.deepEqual(selectParts({ names: ['legder'], long: false }), { unknown: ['legder'] });
  });

  it('has in the long run every file whose figures are scaled, and no gates', () => {
    assert.ok(suiteFiles('ledger', true).includes('test/ledger/model.test.ts'));
    assert.ok(!suiteFiles('ledger', true).includes('test/ledger/rights.test.ts'));
    const long = names({ names: [], long: true });
    assert.ok(long.includes('ledger') && long.includes('chaos'));
    assert.ok(!long.includes('types'));
  });
});
