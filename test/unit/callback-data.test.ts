import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readTap, tapData, type TapName, taps } from '../../bot/callback-data.ts';

describe('the data of a button', () => {
  it('comes back as it was written, ids and ratios whole', () => {
    const id = randomUUID();
    assert.deepEqual(readTap(tapData('draw', id)), { name: 'draw', parts: [id] });
    assert.deepEqual(readTap(tapData('ratio', '21:9', id)), { name: 'ratio', parts: ['21:9', id] });
    assert.deepEqual(readTap(tapData('menu')), { name: 'menu', parts: [] });
  });

  it('fits into 64 bytes for every button, with the longest names that the price list has', () => {
    const sample = { text: 'nano-banana-2-lite-plus', id: randomUUID() };
    for (const [name, kinds] of Object.entries(taps)) {
      const parts = kinds.map((kind) => sample[kind]);
      const data = (tapData as (name: TapName, ...rest: string[]) => string)(name as TapName, ...parts);
      assert.ok(Buffer.byteLength(data) <= 64, data);
    }
    assert.throws(() => tapData('pack', 'p'.repeat(60)));
  });

  it('is refused when it was made up, cut, or written by another version', () => {
    const id = randomUUID();
    const whole = tapData('draw', id);
    const strange = ['', '1', '1:', '1:draw', '1:drawn:x', `2${whole.slice(1)}`, whole.slice(0, -1), `${whole}:x`];
    for (const data of [...strange, '1:draw:../../etc', '1:constructor', '1:__proto__', '1:menu:x', '\0'])
      assert.equal(readTap(data), undefined, data);
  });
});
