import assert from 'node:assert/strict';
import { BusyError, createTurns } from '../../platform/turns.ts';

describe('turns', () => {
  it('never run more at once than they may', async () => {
    const turns = createTurns({ atOnceMax: 3 });
    let running = 0;
    let most = 0;
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 50 }, () => turns.run(work)));
    assert.equal(most, 3);
    assert.equal(turns.waiting(), 0);
  });

  it('come in the order of asking', async () => {
    const turns = createTurns({ atOnceMax: 1 });
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((number) => turns.run(async () => void order.push(number))));
    assert.deepEqual(order, [1, 2, 3]);
  });

  it('tell in time that they are busy, and go on with the next after a failure', async () => {
    const turns = createTurns({ atOnceMax: 1, waitMsMax: 20 });
    const { promise: held, reject: fail } = Promise.withResolvers<void>();
    const first = turns.run(() => held);
    await assert.rejects(
      turns.run(() => Promise.resolve()),
      BusyError,
    );
    const third = turns.run(() => Promise.resolve('served'));
    fail(new Error('the first one failed'));
    await assert.rejects(first, /the first one failed/);
    assert.equal(await third, 'served');
  });
});
