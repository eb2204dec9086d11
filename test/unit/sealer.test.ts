import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Secret } from '../../platform/secret.ts';
import { createSealer } from '../../platform/sealer.ts';

const sealer = createSealer(new Secret('a secret of this test alone'), 'cookies');

describe('What is sealed', () => {
  it('opens as it was, and shows nothing of itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8 }), (text) => {
        fc.pre(text.isWellFormed());
        const sealed = sealer.seal(text, 'main');
        assert.equal(sealer.open(sealed, 'main'), text);
        assert.ok(!Buffer.from(sealed).includes(Buffer.from(text)));
      }),
    );
  });

  it('is another text each time, although it says the same', () => {
    assert.notDeepEqual(sealer.seal('the same', 'main'), sealer.seal('the same', 'main'));
  });

  it('does not open with another secret, for another purpose, under another label, or when a bit was changed', () => {
    const sealed = sealer.seal('a text', 'main');
    const changed = Uint8Array.from(sealed, (byte, at) => (at === sealed.length - 1 ? byte ^ 1 : byte));
    const other = createSealer(new Secret('another secret'), 'cookies');
    const elsewhere = createSealer(new Secret('a secret of this test alone'), 'files');
    assert.equal(other.open(sealed, 'main'), undefined);
    assert.equal(elsewhere.open(sealed, 'main'), undefined);
    assert.equal(sealer.open(sealed, 'second'), undefined);
    assert.equal(sealer.open(changed, 'main'), undefined);
    assert.equal(sealer.open(sealed.subarray(0, 20), 'main'), undefined);
  });
});
