import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codePointCount, excerpt } from '../../core/text.ts';

describe('excerpt', () => {
  it('keeps 1,000 Cyrillic letters of 1,001', () => {
    assert.equal(excerpt('ж'.repeat(1_001), 1_000), 'ж'.repeat(1_000));
  });

  it('keeps 1,000 emoji of 1,001 and breaks none', () => {
    assert.equal(excerpt('🦊'.repeat(1_001), 1_000), '🦊'.repeat(1_000));
  });

  it('leaves a text alone that is not longer than the limit', () => {
    assert.equal(excerpt('🦊'.repeat(1_000), 1_000), '🦊'.repeat(1_000));
  });

  it('is a prefix of exactly the asked number of code points, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 40 }), (text, max) => {
        const short = excerpt(text, max);
        assert.ok(text.startsWith(short));
        assert.equal(codePointCount(short), Math.min(max, codePointCount(text)));
        assert.ok(short.isWellFormed());
      }),
    );
  });
});
