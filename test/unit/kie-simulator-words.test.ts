import assert from 'node:assert/strict';
import fc from 'fast-check';
import sharp from 'sharp';
import { drawPicture } from '../../providers/kie/simulator/picture.ts';
import { escapeXml, layOut } from '../../providers/kie/simulator/text-layout.ts';
import { readWords, withoutWords } from '../../providers/kie/simulator/words.ts';

describe('The words that a prompt may say to the simulator', () => {
  const calm = { stuck: false, lost: false, silent: false, twice: false, gone: false };

  it('are read wherever they stand, in any case', () => {
    assert.deepEqual(readWords('a [FAIL:422 no foxes here] fox [slow:30s] [count:2][Lost]'), {
      ...calm,
      fail: { code: '422', message: 'no foxes here' },
      durationMs: 30_000,
      count: 2,
      lost: true,
    });
    assert.deepEqual(readWords('[slow:500ms]').durationMs, 500);
    assert.deepEqual(readWords('[slow:2m]').durationMs, 120_000);
    assert.deepEqual(readWords('[refuse:422]').refuseCode, 422);
    assert.deepEqual(readWords('[fail]').fail?.code, '501');
  });

  it('are not read into an honest prompt, and are not drawn', () => {
    assert.deepEqual(readWords('a fox [slow] [count:many] [refuse:] fail lost (silent)'), calm);
    assert.equal(withoutWords('a [lost] red  fox [slow:3s]'), 'a red fox');
  });
});

describe('The pictures of the simulator', () => {
  it('can be drawn from any text: markup, controls, halves of emoji, nothing at all', async () => {
    const texts = [
      '',
      '</text><image href="file:///etc/passwd"/>',
      'a\u0000b\u001f\ud800',
      '👩‍👩‍👧 🦊',
      'ж'.repeat(5_000),
      '&amp; <b> "\'',
    ];
    for (const text of texts) {
      const wish = { text, model: 'm', ratio: '1:1', resolution: '1K', format: 'png', number: 1, of: 1 } as const;
      const { width, height, format } = await sharp(await drawPicture(wish)).metadata();
      assert.deepEqual([width, height, format], [1_024, 1_024, 'png']);
    }
  });

  it('put no character into XML that it may not carry, and keep every word in its lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeXml(text);
        assert.ok(!/[<>"']/.test(escaped) && escaped.isWellFormed());
        for (const character of escaped) assert.ok(character >= ' ' || '\t\n\r'.includes(character));
      }),
    );
    const text = 'Съешь ещё этих мягких французских булок, да выпей чаю';
    assert.equal(layOut(text, { width: 800, height: 600 }).lines.join(' '), text);
  });
});
