import assert from 'node:assert/strict';
import { createSource, openTestCache, type TestCache, words } from '../support/cache.ts';
import { eventually } from '../support/eventually.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

const readsMany = 200;

describe('a cache whose Redis fails', () => {
  let redis: TestRedis | undefined;
  let cache: TestCache;
  const source = createSource('one');

  before(async function () {
    this.timeout(400_000);
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    redis = await startRedis({ program: found.path });
  });
  beforeEach(async () => {
    source.asked = 0;
    cache = await openTestCache(redis?.url, { localMs: 0 });
  });
  afterEach(() => cache.close());
  after(() => redis?.remove());

  async function readMany(): Promise<void> {
    for (let time = 0; time < readsMany; time += 1) {
      assert.deepEqual(await cache.read(words, 'a', source.load), { word: 'one' });
    }
  }

  async function untilItHits(): Promise<void> {
    await eventually(async () => {
      const before = cache.counted()['shared hit'] ?? 0;
      await cache.read(words, 'a', source.load);
      return (cache.counted()['shared hit'] ?? 0) > before;
    });
  }

  it('reads at the source while Redis is stopped, counts it, and uses Redis again when it is back', async function () {
    this.timeout(60_000);
    await untilItHits();
    await redis?.stop();
    source.asked = 0;
    await readMany();
    assert.equal(source.asked, readsMany);
    assert.equal(cache.counted()['shared error'], readsMany);
    await assert.rejects(cache.check());
    await redis?.start();
    await untilItHits();
    await cache.check();
  });

  it('is kept waiting a few times only by a Redis that stands still, and uses it when it goes on', async function () {
    this.timeout(60_000);
    await untilItHits();
    redis?.freeze();
    try {
      await readMany();
      await assert.rejects(cache.check());
    } finally {
      redis?.thaw();
    }
    await untilItHits();
  });

  it('can be opened before its Redis is there', async function () {
    this.timeout(60_000);
    await redis?.stop();
    const early = await openTestCache(redis?.url, { localMs: 0 });
    assert.deepEqual(await early.read(words, 'b', source.load), { word: 'one' });
    await redis?.start();
    await eventually(async () => {
      await early.read(words, 'b', source.load);
      return (early.counted()['shared hit'] ?? 0) > 0;
    });
    await early.close();
  });
});
