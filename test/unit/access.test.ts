import assert from 'node:assert/strict';
import { actsFor, allows, mayDecideAbout, modulesFor, operatorRole, roles } from '../../core/access.ts';
import { errorCodes, errorFacts } from '../../core/errors.ts';

describe('access', () => {
  it('is open to everybody where no role is asked for', () => {
    assert.equal(allows('person', []), true);
    assert.equal(allows('public', []), true);
  });

  it('lets support see, and managers and owners decide', () => {
    assert.deepEqual(actsFor([]), []);
    assert.deepEqual(actsFor(['support']), ['see']);
    assert.deepEqual(actsFor(['manager']), ['see', 'close_case', 'decide']);
    assert.deepEqual(actsFor(['owner']), ['see', 'close_case', 'decide']);
    assert.equal(allows('operator:decide', ['support']), false);
    assert.equal(allows('operator:decide', ['support', 'manager']), true);
  });

  it('lets no manager decide about their own purchase, and an owner about any', () => {
    assert.equal(mayDecideAbout({ isOwn: false }, ['manager']), true);
    assert.equal(mayDecideAbout({ isOwn: true }, ['support', 'manager']), false);
    assert.equal(mayDecideAbout({ isOwn: true }, ['owner']), true);
    assert.equal(mayDecideAbout({ isOwn: false }, ['support']), false);
  });

  it('takes the highest role of those held', () => {
    assert.equal(operatorRole(['owner', 'support']), 'owner');
    assert.equal(operatorRole(['something else']), null);
  });

  it('shows the panel to operators only', () => {
    assert.deepEqual(modulesFor([], {}), ['topup', 'generation']);
    for (const role of roles) assert.deepEqual(modulesFor([role], {}), ['topup', 'generation', 'panel']);
  });

  it('shows Stars where the catalogue sells them', () => {
    assert.deepEqual(modulesFor([], { stars: {} }), ['topup', 'generation', 'stars']);
    assert.deepEqual(modulesFor(['owner'], { stars: {} }), ['topup', 'generation', 'stars', 'panel']);
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
