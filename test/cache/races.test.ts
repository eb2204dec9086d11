import assert from 'node:assert/strict';
import { sharedKey } from '../../platform/cache/kinds.ts';
import { createSlowSource, createSource, openTestCache, type TestCache, words } from '../support/cache.ts';
import { eventually } from '../support/eventually.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

describe('a change while a cache is being filled', () => {
  let redis: TestRedis | undefined;
  let mine: TestCache;
  let other: TestCache;

  before(async function () {
    this.timeout(400_000);
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    redis = await startRedis({ program: found.path, flags: ['--appendonly', 'yes'] });
  });
  beforeEach(async () => {
    await redis?.client.flushall();
    [mine, other] = [await openTestCache(redis?.url), await openTestCache(redis?.url)];
  });
  afterEach(() => Promise.all([mine.close(), other.close()]));
  after(() => redis?.remove());

  it('shop S25: leaves the old value neither in Redis nor in the memory of who was reading it', async () => {
    const slow = createSlowSource('old');
    const reading = mine.read(words, 'a', slow.load);
    await slow.asked;
    await mine.forget(words, 'a');
    slow.answer();
    assert.deepEqual(await reading, { word: 'old' }, 'who asked before the change may get what was then');
    assert.deepEqual(await mine.read(words, 'a', createSource('new').load), { word: 'new' });
    assert.deepEqual(await other.read(words, 'a', createSource('newer').load), { word: 'new' });
  });

  it('shop S25: made by another process keeps the old value out of Redis, before its news have come', async () => {
    const slow = createSlowSource('old');
    const reading = mine.read(words, 'a', slow.load);
    await slow.asked;
    await other.forget(words, 'a');
    slow.answer();
    await reading;
    assert.deepEqual(await other.read(words, 'a', createSource('new').load), { word: 'new' });
    await mine.forget(words, 'a');
    assert.deepEqual(await mine.read(words, 'a', createSource('newest').load), { word: 'newest' });
  });

  it('whoever asks after the change does not wait for a reading from before it', async () => {
    const slow = createSlowSource('old');
    const reading = mine.read(words, 'a', slow.load);
    await slow.asked;
    await mine.forget(words, 'a');
    assert.deepEqual(await mine.read(words, 'a', createSource('new').load), { word: 'new' });
    slow.answer();
    await reading;
    assert.deepEqual(await mine.read(words, 'a', createSource('newer').load), { word: 'new' });
  });

  it('two processes that fill at once: the one with the lease puts it into Redis', async () => {
    const slow = createSlowSource('first');
    const reading = mine.read(words, 'a', slow.load);
    await slow.asked;
    assert.deepEqual(await other.read(words, 'a', createSource('second').load), { word: 'second' });
    slow.answer();
    await reading;
    const third = await openTestCache(redis?.url);
    assert.deepEqual(await third.read(words, 'a', createSource('third').load), { word: 'first' });
    await third.close();
  });

  it('that Redis was not there to hear of is told to it when it is back with the old value', async function () {
    this.timeout(30_000);
    const key = sharedKey(words, 'a');
    await mine.read(words, 'a', createSource('old').load);
    await redis?.stop();
    await mine.forget(words, 'a');
    assert.deepEqual(await mine.read(words, 'a', createSource('new').load), { word: 'new' });
    await redis?.start();
    await eventually(async () => (await redis?.client.exists(key)) === 0);
    await eventually(async () => {
      await other.forget(words, 'b');
      return (await other.read(words, 'a', createSource('newest').load))?.word === 'newest';
    });
  });
});
