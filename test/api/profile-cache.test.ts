import assert from 'node:assert/strict';
import { createUsers } from '../../db/users.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';

describe('the profile of who asks', () => {
  let api: TestApi;
  let pool: DatabasePool;
  let anna: { token: string; userId: string };

  before(async () => {
    api = await startTestApi();
    pool = await openPool({ url: api.database.url, size: 1, applicationName: 'test', logger: silent, checkRows: true });
    anna = await api.logIn('anna');
  });
  after(async () => {
    await pool.end();
    await api.stop();
  });

  const readMe = async () => (await api.call('GET', '/me', { token: anna.token })).body.user;

  async function figure(name: string, level: string): Promise<number> {
    const text = await (await fetch(api.metricsUrl)).text();
    const line = text
      .split('\n')
      .find((one) => one.startsWith(`${name}{`) && one.includes('family="user"') && one.includes(`level="${level}"`));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  async function untilKept(): Promise<void> {
    await eventually(async () => {
      const before = await figure('holdfast_cache_hits_total', 'local');
      await readMe();
      return (await figure('holdfast_cache_hits_total', 'local')) > before;
    });
  }

  it('shop S23: is read from the database once, as the figures of its family show', async () => {
    await untilKept();
    const asked = await figure('holdfast_cache_hits_total', 'source');
    for (let time = 0; time < 5; time += 1) assert.equal((await readMe()).username, 'anna_demo');
    assert.equal(await figure('holdfast_cache_hits_total', 'source'), asked);
  });

  it('shop S25: shows the language that was just chosen with the next request', async () => {
    for (const language of ['ru', 'en', 'ru', 'en']) {
      await untilKept();
      await api.call('PATCH', '/me', { token: anna.token, body: { language } });
      assert.equal((await readMe()).language, language);
    }
  });

  it('shop S25: shows what another process has changed as soon as the news of it are here', async () => {
    await untilKept();
    await createUsers(pool).setLanguage(anna.userId, 'ru');
    await eventually(async () => (await readMe()).language === 'ru');
  });

  it('A6: what somebody may do is read from no cache, whatever is kept of their profile', async () => {
    await untilKept();
    await createUsers(pool).setRoles(anna.userId, ['manager']);
    assert.deepEqual((await readMe()).roles, ['manager']);
    await createUsers(pool).setStatus(anna.userId, 'banned');
    assert.equal((await api.call('GET', '/me', { token: anna.token })).status, 403);
    await createUsers(pool).setStatus(anna.userId, 'active');
  });
});

describe('an API whose Redis is away', () => {
  let api: TestApi;

  before(async () => {
    api = await startTestApi({ variables: { REDIS_URL: 'redis://127.0.0.1:1' } });
  });
  after(() => api.stop());

  it('answers as ever, and tells that it is degraded', async () => {
    const { token } = await api.logIn('boris');
    assert.equal((await api.call('GET', '/me', { token })).body.user.username, 'boris_demo');
    const { body } = await api.call('GET', '/readyz?verbose');
    const redis = body.components.find(({ component }: { component: string }) => component === 'redis');
    assert.equal(redis.status, 'down');
    assert.ok(!('redis' in body.parts), 'no balancer takes the process away for it');
  });
});
