import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startCacheEar } from '../../db/cache-ear.ts';
import type { Listener } from '../../db/listener.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createProfiles, type Profiles } from '../../db/profiles.ts';
import { createUsers } from '../../db/users.ts';
import { openTestCache, type TestCache } from '../support/cache.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';

describe('news of what is cached', () => {
  let database: TestDatabase;
  let pool: DatabasePool;
  let owner: pg.Pool;
  let personId: string;
  const processes: { cache: TestCache; ear: Listener; profiles: Profiles }[] = [];

  before(async () => {
    database = await createTestDatabase();
    pool = await openPool({ url: database.url, size: 2, applicationName: 'test', logger: silent, checkRows: true });
    owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  });
  beforeEach(async () => {
    const anna = { telegramId: BigInt(7_000_000_001), firstName: 'Anna', lastName: null, username: 'anna' };
    personId = (await createUsers(pool).meet(randomUUID(), { ...anna, language: 'en' })).id;
    await createUsers(pool).setLanguage(personId, 'en');
  });
  afterEach(async () => {
    for (const { ear, cache } of processes.splice(0)) {
      await ear.stop();
      await cache.close();
    }
  });
  after(async () => {
    await owner.end();
    await pool.end();
    await database.drop();
  });

  /** A process with an ear that is open. */
  async function startProcess() {
    const cache = await openTestCache();
    cache.setHearing(false);
    const ear = startCacheEar({ databaseUrl: database.url, cache, logger: silent });
    const one = { cache, ear, profiles: createProfiles({ db: pool, cache }) };
    processes.push(one);
    await eventually(() => hits(one));
    return one;
  }

  async function hits({ cache, profiles }: { cache: TestCache; profiles: Profiles }): Promise<boolean> {
    const before = cache.counted()['local hit'] ?? 0;
    await profiles.read(personId);
    return (cache.counted()['local hit'] ?? 0) > before;
  }

  it('shop S27: a profile is read from the database once, and afterwards from memory', async () => {
    const { cache, profiles } = await startProcess();
    const asked = cache.counted()['source hit'];
    for (let time = 0; time < 10; time += 1) assert.equal((await profiles.read(personId))?.firstName, 'Anna');
    assert.equal(cache.counted()['source hit'], asked);
  });

  it('shop S25: a change by one process, or by hand, reaches the memory of all', async () => {
    const all = [await startProcess(), await startProcess()];
    await createUsers(pool).setLanguage(personId, 'ru');
    for (const { profiles } of all) await eventually(async () => (await profiles.read(personId))?.language === 'ru');
    await owner.query(`UPDATE app.users SET first_name = 'Anya' WHERE id = $1`, [personId]);
    for (const { profiles } of all) await eventually(async () => (await profiles.read(personId))?.firstName === 'Anya');
  });

  it('a change that is rolled back, and one that nobody is shown, are no news', async () => {
    const { cache } = await startProcess();
    const client = await owner.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE app.users SET first_name = 'Nobody' WHERE id = $1`, [personId]);
    await client.query('ROLLBACK');
    client.release();
    await createUsers(pool).setRoles(personId, ['owner']);
    // News come in the order of the commits: once this has come, the others would have.
    await createUsers(pool).setLanguage(personId, 'ru');
    await eventually(() => (cache.counted()['local invalidation'] ?? 0) > 0);
    assert.equal(cache.counted()['local invalidation'], 1);
  });

  it('a deaf process keeps nothing in memory, and when it hears again believes nothing from before', async function () {
    this.timeout(30_000);
    const one = await startProcess();
    const [{ count } = { count: 0 }] = (
      await owner.query<{ count: number }>(`SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity
        WHERE application_name = 'holdfast-cache-ear' AND datname = current_database()`)
    ).rows;
    assert.equal(count, 1);
    await eventually(async () => !(await hits(one)));
    await owner.query(`UPDATE app.users SET first_name = 'Unheard' WHERE id = $1`, [personId]);
    assert.equal((await one.profiles.read(personId))?.firstName, 'Unheard');
    await eventually(() => hits(one));
    assert.equal((await one.profiles.read(personId))?.firstName, 'Unheard');
  });
});
