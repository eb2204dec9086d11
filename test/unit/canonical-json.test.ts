import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../core/canonical-json.ts';
import { freshSeed } from '../support/scale.ts';

describe('canonical JSON', () => {
  it('sorts keys at every level and leaves lists in their order', () => {
    assert.equal(canonicalJson({ b: [2, 1], a: { d: null, c: 'x' } }), '{"a":{"c":"x","d":null},"b":[2,1]}');
  });

  it('leaves out what is absent', () => {
    assert.equal(canonicalJson({ a: undefined, b: 1 }), '{"b":1}');
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
      { seed: freshSeed('canonical') },
    );
  });
});
