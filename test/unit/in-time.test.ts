import assert from 'node:assert/strict';
import { inTime } from '../../platform/in-time.ts';

describe('work that has a time', () => {
  const late = () => new Error('too late');

  it('gives what it comes to', async () => {
    assert.equal(await inTime(Promise.resolve('done'), 60_000, late), 'done');
  });

  it('throws its own fault', async () => {
    await assert.rejects(inTime(Promise.reject(new Error('broken')), 60_000, late), /broken/);
  });

  it('is given up when the time is over, and a fault that comes later is nobody’s', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    await assert.rejects(inTime(promise, 1, late), /too late/);
    reject(new Error('after the end'));
    await new Promise((resolve) => setImmediate(resolve));
  });
});
