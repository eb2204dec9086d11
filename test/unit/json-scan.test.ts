import assert from 'node:assert/strict';
import fc from 'fast-check';
import { scanJson } from '../../core/json-scan.ts';
import { freshSeed } from '../support/scale.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('the JSON scanner', () => {
  it('lets 32 levels pass and not 33', () => {
    assert.equal(scanJson(nested(32), 32), undefined);
    assert.equal(scanJson(nested(33), 32), 'too_deep');
    assert.equal(scanJson('{"a":'.repeat(33), 32), 'too_deep');
  });

  it('is not troubled by ten thousand levels (A9)', () => {
    assert.equal(scanJson('['.repeat(10_000), 32), 'too_deep');
  });

  it('finds a key that stands twice, however it is escaped (A9)', () => {
    assert.equal(scanJson('{"a":1,"a":2}', 32), 'duplicate_key');
    assert.equal(scanJson('{"a":1,"\\u0061":2}', 32), 'duplicate_key');
    assert.equal(scanJson('{"x":{"b":[{"c":1,"c":1}]}}', 32), 'duplicate_key');
  });

  it('lets one key stand in several objects', () => {
    assert.equal(scanJson('{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a"}', 32), undefined);
  });

  it('refuses __proto__, however it is escaped (A9)', () => {
    assert.equal(scanJson('{"__proto__":{"admin":true}}', 32), 'forbidden_key');
    assert.equal(scanJson('{"\\u005f_proto__":1}', 32), 'forbidden_key');
    assert.equal(scanJson('{"a":"__proto__"}', 32), undefined);
  });

  it('refuses numbers that would be infinite (A9)', () => {
    assert.equal(scanJson('{"a":1e400}', 32), 'number_not_finite');
    assert.equal(scanJson('[-1e999]', 32), 'number_not_finite');
    assert.equal(scanJson('["1e400", 1e308]', 32), undefined);
  });

  it('is not fooled by what stands inside of texts', () => {
    assert.equal(scanJson('{"a":"\\"a\\":1,{[[[","b":"\\\\"}', 32), undefined);
    assert.equal(scanJson('{"a":"never ended', 32), 'unfinished_text');
  });

  it('finds nothing in any JSON that has none of it', () => {
    const honest = fc.jsonValue({ maxDepth: 20 }).map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(honest, (text) => text.includes('__proto__') || scanJson(text, 64) === undefined),
      { seed: freshSeed('json'), numRuns: 500 },
    );
  });
});
