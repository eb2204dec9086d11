import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeHtml, shorten, splitText } from '../../bot/html.ts';

describe('text of people in messages (T13)', () => {
  it('is shown as it was typed, whatever it looks like', () => {
    assert.equal(escapeHtml('<b>*not* _bold_</b> & "q"'), '&lt;b&gt;*not* _bold_&lt;/b&gt; &amp; &quot;q&quot;');
    assert.equal(escapeHtml('a\0b'), 'ab');
    assert.equal(escapeHtml('مرحبا\u202Eabc'), 'مرحبا\u202Eabc');
  });

  it('is split into parts that fit once escaped, and nothing of it is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 20, max: 60 }), (text, max) => {
        const parts = splitText(text, max);
        for (const part of parts) assert.ok(escapeHtml(part).length <= max);
        assert.equal(parts.join('').replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''));
        for (const part of parts) assert.ok(part.isWellFormed());
      }),
    );
  });

  it('is cut at words where it can be', () => {
    assert.deepEqual(splitText('one two three', 8), ['one two', 'three']);
    assert.equal(splitText(`${'я'.repeat(4_096)} ${'я'.repeat(100)}`).length, 2);
  });

  it('is shortened without cutting a character in half', () => {
    assert.equal(shorten('a\n\n  b', 10), 'a b');
    const cut = shorten('👍'.repeat(10), 8);
    assert.ok(cut.isWellFormed() && cut.endsWith('…') && cut.length <= 8);
  });
});
