import assert from 'node:assert/strict';
import { dearer, savingPercent } from '../../webapp/src/screens/pack-saving.ts';

describe('What a pack saves', () => {
  const small = { priceMinor: 50_000, grantsMinor: 100 };

  it('is exact where the price per unit is a fraction', () => {
    assert.equal(savingPercent({ priceMinor: 135_000, grantsMinor: 300 }, small), 10);
    assert.equal(savingPercent({ priceMinor: 400_000, grantsMinor: 1_000 }, small), 20);
  });

  it('is never overstated', () => {
    assert.equal(savingPercent({ priceMinor: 49_001, grantsMinor: 100 }, small), 1);
  });

  it('is counted from the pack whose unit costs most, which saves nothing', () => {
    const large = { priceMinor: 400_000, grantsMinor: 1_000 };
    assert.equal(dearer(large, small), small);
    assert.equal(dearer(small, large), small);
    assert.equal(savingPercent(small, small), 0);
  });
});
