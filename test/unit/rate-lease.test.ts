import assert from 'node:assert/strict';
import { createLease } from '../../db/rate-lease.ts';

/** A shared count of one window, as a database would keep it. */
function sharedCount(perWindow: number) {
  let used = 0;
  let draws = 0;
  return {
    get draws() {
      return draws;
    },
    draw: (_key: string, points: number) => {
      draws += 1;
      used += points;
      const taken =
        used <= perWindow ? { ok: true as const, goodForMs: 60_000 } : { ok: false as const, retryAfterMs: 9 };
      return Promise.resolve(taken);
    },
  };
}

async function takeMany(lease: { take(key: string): Promise<{ ok: boolean }> }, count: number): Promise<number> {
  let admitted = 0;
  for (let taken = 0; taken < count; taken += 1) if ((await lease.take('anna')).ok) admitted += 1;
  return admitted;
}

describe('a lease on a rate limit', () => {
  it('is exact where the limit is small', async () => {
    const lease = createLease({ perWindow: 5, draw: sharedCount(5).draw });
    assert.equal(await takeMany(lease, 20), 5);
  });

  it('draws a thirtieth at once where the limit is large, and admits all of it', async () => {
    const shared = sharedCount(300);
    const lease = createLease({ perWindow: 300, draw: shared.draw });
    assert.equal(await takeMany(lease, 300), 300);
    assert.equal(shared.draws, 30);
    assert.equal((await lease.take('anna')).ok, false);
  });

  it('gives nothing from a window that is over', async () => {
    let now = 0;
    const shared = sharedCount(300);
    const lease = createLease({ perWindow: 300, draw: shared.draw, now: () => now });
    await lease.take('anna');
    now = 60_001;
    await lease.take('anna');
    assert.equal(shared.draws, 2);
  });

  it('lets what was given back be taken again', async () => {
    const lease = createLease({ perWindow: 2, draw: sharedCount(2).draw });
    assert.equal(await takeMany(lease, 2), 2);
    lease.giveBack('anna');
    assert.equal(await takeMany(lease, 2), 1);
  });

  it('lets a crowd in that comes at once and is within the allowance', async () => {
    const lease = createLease({ perWindow: 300, draw: sharedCount(300).draw });
    const answers = await Promise.all(Array.from({ length: 200 }, () => lease.take('anna')));
    assert.equal(answers.filter(({ ok }) => ok).length, 200);
  });
});
