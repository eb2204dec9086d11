import assert from 'node:assert/strict';
import { freePort } from '../../platform/ports.ts';
import { createSource, openTestCache, type TestCache, words } from '../support/cache.ts';
import { eventually } from '../support/eventually.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

/** The first and the last slot of each master. */
const slots = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const;

describe('shop S42: a cache in a Redis Cluster of three masters', () => {
  const masters: TestRedis[] = [];
  const busPorts: number[] = [];
  let cache: TestCache;

  before(async function () {
    this.timeout(400_000);
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    for (const [first, last] of slots) {
      const busPort = await freePort();
      busPorts.push(busPort);
      const flags = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
      const full = ['--cluster-require-full-coverage', 'no', '--cluster-node-timeout', '500'];
      const master = await startRedis({ program: found.path, flags: [...flags, ...full] });
      masters.push(master);
      await master.client.call('CLUSTER', 'ADDSLOTSRANGE', first, last);
    }
    for (const [index, { port }] of masters.entries()) {
      await masters[0]?.client.call('CLUSTER', 'MEET', '127.0.0.1', port, busPorts[index] ?? 0);
    }
    await eventually(async () => (await Promise.all(masters.map(knowsAll))).every(Boolean));
    const nodes = masters.map(({ port }) => `127.0.0.1:${port}`).join(',');
    cache = await openTestCache(`redis+cluster://${nodes}`, { localMs: 0 });
  });
  after(async () => {
    await cache?.close();
    await Promise.all(masters.map((master) => master.remove()));
  });

  async function knowsAll({ client }: TestRedis): Promise<boolean> {
    const told = String(await client.call('CLUSTER', 'INFO'));
    return told.includes('cluster_state:ok') && told.includes('cluster_slots_assigned:16384');
  }

  it('shop S43: the keys of a family lie together on one master', async () => {
    for (let key = 0; key < 50; key += 1) await cache.read(words, String(key), createSource('one').load);
    const counts = await Promise.all(masters.map(({ client }) => client.dbsize()));
    assert.deepEqual(counts.toSorted(), [0, 0, 50]);
  });

  it('shop S44: is read and forgotten through any of its nodes', async () => {
    const source = createSource('one');
    for (let time = 0; time < 3; time += 1) await cache.read(words, 'a', source.load);
    assert.equal(source.asked, 1);
    await cache.forget(words, 'a');
    source.word = 'two';
    assert.deepEqual(await cache.read(words, 'a', source.load), { word: 'two' });
    await cache.check();
  });

  it('a master that dies takes its family to the source, and brings it back', async function () {
    this.timeout(60_000);
    const sizes = await Promise.all(masters.map(({ client }) => client.dbsize()));
    const home = masters[sizes.findIndex((size) => size > 0)];
    await home?.stop();
    const source = createSource('three');
    for (let time = 0; time < 20; time += 1) {
      assert.deepEqual(await cache.read(words, 'z', source.load), { word: 'three' });
    }
    assert.equal(source.asked, 20);
    await home?.start();
    await eventually(async () => {
      const asked = source.asked;
      await cache.read(words, 'z', source.load);
      return source.asked === asked;
    });
  });
});
