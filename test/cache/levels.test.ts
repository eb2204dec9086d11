import assert from 'node:assert/strict';
import { sharedKey } from '../../platform/cache/kinds.ts';
import { createSlowSource, createSource, openTestCache, type TestCache, ttlMs, words } from '../support/cache.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

describe('the two levels of a cache', () => {
  let redis: TestRedis | undefined;
  let url: string;
  const open: TestCache[] = [];

  before(async function () {
    this.timeout(400_000);
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    redis = await startRedis({ program: found.path });
    ({ url } = redis);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((cache) => cache.close()));
    await redis?.client.flushall();
  });
  after(() => redis?.remove());

  async function cacheOf(...parameters: Parameters<typeof openTestCache>): Promise<TestCache> {
    const cache = await openTestCache(...parameters);
    open.push(cache);
    return cache;
  }

  it('shop S24: are asked in the order of memory, Redis, source', async () => {
    const source = createSource('one');
    const [mine, other] = [await cacheOf(url), await cacheOf(url)];
    assert.deepEqual(await mine.read(words, 'a', source.load), { word: 'one' });
    assert.deepEqual(mine.counted(), { 'local miss': 1, 'shared miss': 1, 'source hit': 1 });
    assert.deepEqual(await mine.read(words, 'a', source.load), { word: 'one' });
    assert.deepEqual(mine.counted(), { 'local miss': 1, 'shared miss': 1, 'source hit': 1, 'local hit': 1 });
    assert.deepEqual(await other.read(words, 'a', source.load), { word: 'one' });
    assert.deepEqual(other.counted(), { 'local miss': 1, 'shared hit': 1 });
    assert.equal(source.asked, 1);
  });

  it('shop S24: the memory of the process can be switched off, and Redis answers each time', async () => {
    const source = createSource('one');
    const cache = await cacheOf(url, { localMs: 0 });
    for (let time = 0; time < 3; time += 1) await cache.read(words, 'a', source.load);
    assert.deepEqual(cache.counted(), { 'shared miss': 1, 'source hit': 1, 'shared hit': 2 });
  });

  it('without Redis the memory of the process is the only level', async () => {
    const source = createSource('one');
    const cache = await cacheOf();
    for (let time = 0; time < 3; time += 1) await cache.read(words, 'a', source.load);
    assert.deepEqual(cache.counted(), { 'local miss': 1, 'source hit': 1, 'local hit': 2 });
  });

  it('shop S25: a change is forgotten in both levels', async () => {
    const source = createSource('one');
    const cache = await cacheOf(url);
    await cache.read(words, 'a', source.load);
    source.word = 'two';
    await cache.forget(words, 'a');
    assert.equal(await redis?.client.exists(sharedKey(words, 'a')), 0);
    assert.deepEqual(await cache.read(words, 'a', source.load), { word: 'two' });
    assert.equal(cache.counted()['local invalidation'], 1);
    assert.equal(cache.counted()['shared invalidation'], 1);
  });

  it('shop S26: a value ends by the time of its family, in Redis and in every memory', async () => {
    const source = createSource('one');
    let nowMs = Date.now();
    const now = (): number => nowMs;
    const [mine, other] = [await cacheOf(url, { now }), await cacheOf(url, { now })];
    await mine.read(words, 'a', source.load);
    const leftMs = await redis?.client.pttl(sharedKey(words, 'a'));
    assert.ok(leftMs !== undefined && leftMs > ttlMs.user - 60_000 && leftMs <= ttlMs.user, `${leftMs} ms`);
    nowMs += ttlMs.user - 1_000;
    // Old already when it came out of Redis: the memory keeps it for its last second only.
    await other.read(words, 'a', source.load);
    assert.equal(source.asked, 1);
    nowMs += 2_000;
    source.word = 'two';
    assert.deepEqual(await other.read(words, 'a', source.load), { word: 'two' });
    assert.deepEqual(await mine.read(words, 'a', source.load), { word: 'two' });
  });

  it('shop S24: nothing stays in memory for longer than that level allows', async () => {
    const source = createSource('one');
    let nowMs = 0;
    const cache = await cacheOf(undefined, { now: () => nowMs });
    await cache.read(words, 'a', source.load);
    nowMs = 299_999;
    await cache.read(words, 'a', source.load);
    assert.equal(source.asked, 1);
    nowMs = 300_000;
    await cache.read(words, 'a', source.load);
    assert.equal(source.asked, 2);
  });

  it('the memory keeps so many values and no more, and those that were used last', async () => {
    const source = createSource('one');
    const cache = await cacheOf(undefined, { localEntriesMax: 2 });
    for (const key of ['a', 'b', 'a', 'c']) await cache.read(words, key, source.load);
    assert.equal(source.asked, 3);
    await cache.read(words, 'a', source.load);
    assert.equal(source.asked, 3);
    await cache.read(words, 'b', source.load);
    assert.equal(source.asked, 4);
  });

  it('a crowd that asks for one key asks the source once', async () => {
    const cache = await cacheOf(url);
    const source = createSlowSource('one');
    let asked = 0;
    const crowd = Array.from({ length: 100 }, () =>
      cache.read(words, 'a', () => {
        asked += 1;
        return source.load();
      }),
    );
    await source.asked;
    source.answer();
    for (const one of await Promise.all(crowd)) assert.deepEqual(one, { word: 'one' });
    assert.equal(asked, 1);
  });

  it('an error of the source reaches who asked, and the next one asks again', async () => {
    const cache = await cacheOf(url);
    await assert.rejects(
      cache.read(words, 'a', () => Promise.reject(new Error('the source is away'))),
      /the source is away/,
    );
    assert.deepEqual(await cache.read(words, 'a', createSource('one').load), { word: 'one' });
    assert.equal((await cacheOf(url)).counted()['shared hit'], undefined);
    assert.equal(await redis?.client.exists(sharedKey(words, 'a')), 1);
  });

  it('what the source does not know is not kept', async () => {
    const cache = await cacheOf(url);
    assert.equal(await cache.read(words, 'a', () => Promise.resolve(undefined)), undefined);
    assert.deepEqual(await cache.read(words, 'a', createSource('one').load), { word: 'one' });
  });

  for (const [what, text] of [
    ['no JSON', 'V:{"at":1,'],
    ['of another form', JSON.stringify({ word: 'odd' })],
    ['of another schema', `V:${JSON.stringify({ at: Date.now(), value: { word: 7 } })}`],
    ['from the future', `V:${JSON.stringify({ at: Date.now() + 3_600_000, value: { word: 'poison' } })}`],
  ] as const) {
    it(`a value in Redis that is ${what} is a miss, and does not stay in the way`, async () => {
      const source = createSource('one');
      await redis?.client.set(sharedKey(words, 'a'), text, 'PX', 600_000);
      const cache = await cacheOf(url, { localMs: 0 });
      assert.deepEqual(await cache.read(words, 'a', source.load), { word: 'one' });
      assert.equal(cache.counted()['shared hit'], undefined);
      await cache.read(words, 'a', source.load);
      await cache.read(words, 'a', source.load);
      assert.equal(cache.counted()['shared hit'], 1);
    });
  }

  it('another version of a kind has keys of its own', async () => {
    const cache = await cacheOf(url);
    await cache.read(words, 'a', createSource('one').load);
    const later = { ...words, version: 2 };
    assert.deepEqual(await cache.read(later, 'a', createSource('two').load), { word: 'two' });
    assert.deepEqual(await cache.read(words, 'a', createSource('three').load), { word: 'one' });
  });
});
