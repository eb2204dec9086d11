import assert from 'node:assert/strict';
import pg from 'pg';
import { demoUsers } from '../../core/demo.ts';
import { signInitData } from '../../platform/init-data.ts';
import { botToken, startTestApi, type TestApi } from '../support/api.ts';

const [anna] = demoUsers;
assert.ok(anna);

describe('logging in', () => {
  let api: TestApi;

  before(async () => {
    api = await startTestApi();
  });

  after(() => api.stop());

  function logInWith(initData: unknown) {
    return api.call('POST', '/auth/telegram', { body: { initData } });
  }

  it('answers who I am, with a token for a quarter of an hour', async () => {
    const { status, body } = await logInWith(signInitData(anna, botToken, new Date()));
    assert.equal(status, 200);
    assert.equal(body.user.telegramId, anna.telegramId);
    assert.ok(anna.telegramId > 2 ** 32);
    const minutes = (Date.parse(body.expiresAt) - Date.now()) / 60_000;
    assert.ok(minutes > 14 && minutes <= 15, String(minutes));
  });

  it('A1: refuses init data of another bot', async () => {
    const { status, body } = await logInWith(signInitData(anna, '999999:another-bot-token', new Date()));
    assert.equal(status, 401);
    assert.equal(body.code, 'init_data_invalid');
  });

  it('A2: tells old init data from false, and counts both by reason', async () => {
    const old = await logInWith(signInitData(anna, botToken, new Date(Date.now() - 3_700_000)));
    const early = await logInWith(signInitData(anna, botToken, new Date(Date.now() + 3_600_000)));
    assert.deepEqual([old.body.code, early.body.code], ['init_data_expired', 'init_data_invalid']);
    const metrics = await (await fetch(api.metricsUrl)).text();
    assert.match(metrics, /holdfast_init_data_refusals_total\{reason="expired",process="api"\} 1/);
    assert.match(metrics, /holdfast_init_data_refusals_total\{reason="from_the_future",process="api"\} 1/);
  });

  it('A3: exchanges init data again within its hour, for the same person and another login', async () => {
    const initData = signInitData(anna, botToken, new Date());
    const [first, second] = [await logInWith(initData), await logInWith(initData)];
    assert.equal(first.body.user.id, second.body.user.id);
    assert.notEqual(first.body.refreshToken, second.body.refreshToken);
  });

  it('makes one person of fifty first log-ins at once', async () => {
    const stranger = { ...anna, telegramId: 7_200_000_001, name: 'new' };
    const initData = signInitData(stranger, botToken, new Date());
    const answers = await Promise.all(Array.from({ length: 50 }, () => logInWith(initData)));
    assert.equal(new Set(answers.map(({ body }) => body.user.id)).size, 1);
  });

  it('gives the demo owner and staff their roles, and buyers none', async () => {
    const roles = await Promise.all(
      demoUsers.map(async ({ name }) => {
        const { token } = await api.logIn(name);
        return (await api.call('GET', '/me', { token })).body.user.roles.join();
      }),
    );
    assert.deepEqual(roles, ['', '', 'manager', 'owner']);
  });

  it('A6: refuses a banned person at once, whatever tokens they hold', async () => {
    const { token, refreshToken, userId } = await api.logIn('boris');
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    await owner.query(`UPDATE app.users SET status = 'banned' WHERE id = $1`, [userId]);
    const refused = [
      await api.call('GET', '/me', { token }),
      await api.call('POST', '/auth/refresh', { body: { refreshToken } }),
      await logInWith(signInitData(demoUsers[1]!, botToken, new Date())),
    ];
    await owner.query(`UPDATE app.users SET status = 'active' WHERE id = $1`, [userId]);
    await owner.end();
    assert.deepEqual(
      refused.map(({ status, body }) => [status, body.code]),
      Array.from({ length: 3 }, () => [403, 'banned']),
    );
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
  });

  it('A6: takes a role away at once', async () => {
    const { token, userId } = await api.logIn('sonya');
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    await owner.query(`UPDATE app.users SET roles = '{}' WHERE id = $1`, [userId]);
    await owner.end();
    assert.deepEqual((await api.call('GET', '/me', { token })).body.modules, ['topup', 'generation', 'stars']);
  });
});
