import assert from 'node:assert/strict';
import { allows, modulesFor } from '../../core/access.ts';
import { errorCodes, errorFacts } from '../../core/errors.ts';

describe('access', () => {
  it('is open to everybody where no role is asked for', () => {
    assert.equal(allows('person', []), true);
    assert.equal(allows('public', []), true);
  });

  it('lets an owner do what staff may, and not the other way round', () => {
    assert.equal(allows('staff', ['owner']), true);
    assert.equal(allows('owner', ['staff']), false);
    assert.equal(allows('staff', []), false);
  });

  it('shows the panel to staff and owners only', () => {
    assert.deepEqual(modulesFor([]), ['topup', 'generation']);
    assert.deepEqual(modulesFor(['staff']), ['topup', 'generation', 'panel']);
  });
});

describe('the table of errors', () => {
  it('gives each code a status of an error and a title', () => {
    for (const code of errorCodes) {
      const { status, title } = errorFacts(code);
      assert.ok(status >= 400 && status < 600, code);
      assert.ok(title.length > 5, code);
    }
  });
});
