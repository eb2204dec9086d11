import assert from 'node:assert/strict';
import { createSource, openTestCache, type TestCache, words } from '../support/cache.ts';
import { eventually } from '../support/eventually.ts';
import { findRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { skip } from '../support/skip.ts';

describe('shop S44: a cache behind a Redis Sentinel', () => {
  let servers: TestRedis[];
  let master: TestRedis;
  let cache: TestCache;

  // For each try of its own: what a try leaves behind has lost its master.
  beforeEach(async function () {
    this.timeout(400_000);
    servers = [];
    const found = findRedis();
    if (found.outcome === 'missing') return skip(this, found.reason);
    const program = found.path;
    master = await startRedis({ program, flags: ['--repl-diskless-sync-delay', '0'] });
    servers.push(master);
    const replica = await startRedis({ program, flags: ['--replicaof', `127.0.0.1 ${master.port}`] });
    servers.push(replica);
    // One that never had the master's data may not take its place.
    await eventually(async () => /master_link_status:up/.test(await replica.client.info('replication')));
    const sentinelConfig = [
      `sentinel monitor shop 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds shop 300',
      'sentinel failover-timeout shop 3000',
      '',
    ].join('\n');
    const sentinel = await startRedis({ program, sentinelConfig });
    servers.push(sentinel);
    await eventually(async () => JSON.stringify(await sentinel.client.call('SENTINEL', 'REPLICAS', 'shop')).length > 2);
    cache = await openTestCache(`redis+sentinel://127.0.0.1:${sentinel.port}/shop`, { localMs: 0 });
  });
  afterEach(async () => {
    await cache?.close();
    await Promise.all(servers.map((server) => server.remove()));
  });

  it('reads at the source while the master is gone, and from the next master when there is one', async function () {
    this.timeout(60_000);
    const source = createSource('one');
    for (let time = 0; time < 3; time += 1) await cache.read(words, 'a', source.load);
    assert.equal(source.asked, 1);
    await master.stop();
    for (let time = 0; time < 20; time += 1) {
      assert.deepEqual(await cache.read(words, 'b', source.load), { word: 'one' });
    }
    await eventually(
      async () => {
        const asked = source.asked;
        await cache.read(words, 'b', source.load);
        return source.asked === asked;
      },
      { withinMs: 50_000 },
    );
  });
});
