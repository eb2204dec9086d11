import assert from 'node:assert/strict';
import pg from 'pg';
import { startTestApi, type TestApi } from '../support/api.ts';

describe('refresh tokens', () => {
  let api: TestApi;
  let owner: pg.Client;

  before(async () => {
    api = await startTestApi();
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  function refresh(refreshToken: string) {
    return api.call('POST', '/auth/refresh', { body: { refreshToken } });
  }

  /** As if the uses of all tokens lay this far back. */
  function age(interval: string) {
    return owner.query(
      `UPDATE app.refresh_token SET used_at = used_at - $1::interval, expires_at = expires_at - $1::interval`,
      [interval],
    );
  }

  it('give the next pair, whose access token works', async () => {
    const { refreshToken } = await api.logIn('anna');
    const { status, body } = await refresh(refreshToken);
    assert.equal(status, 200);
    assert.notEqual(body.refreshToken, refreshToken);
    assert.equal((await api.call('GET', '/me', { token: body.token })).status, 200);
    assert.equal((await refresh(body.refreshToken)).status, 200);
  });

  it('answer a repeat within ten seconds with the same successor, since an answer may be lost', async () => {
    const { refreshToken } = await api.logIn('anna');
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refreshToken)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(new Set(answers.map(({ body }) => body.refreshToken)).size, 1);
  });

  it('A5: used again later revoke the whole family, the access token included', async () => {
    const { refreshToken, token } = await api.logIn('anna');
    const next = (await refresh(refreshToken)).body;
    await age('11 seconds');
    const again = await refresh(refreshToken);
    assert.deepEqual([again.status, again.body.code], [401, 'refresh_token_reused']);
    assert.equal((await refresh(next.refreshToken)).body.code, 'refresh_token_reused');
    assert.equal((await api.call('GET', '/me', { token })).body.code, 'token_invalid');
    assert.equal((await api.call('GET', '/me', { token: next.token })).body.code, 'token_invalid');
  });

  it('A5: used again after their successor was used revoke the family, even within ten seconds', async () => {
    const { refreshToken } = await api.logIn('anna');
    const next = (await refresh(refreshToken)).body;
    assert.equal((await refresh(next.refreshToken)).status, 200);
    assert.equal((await refresh(refreshToken)).body.code, 'refresh_token_reused');
  });

  it('A5: leave other log-ins of the same person alone', async () => {
    const [stolen, other] = [await api.logIn('anna'), await api.logIn('anna')];
    await refresh(stolen.refreshToken);
    await age('11 seconds');
    await refresh(stolen.refreshToken);
    assert.equal((await api.call('GET', '/me', { token: other.token })).status, 200);
  });

  it('live for a day', async () => {
    const { refreshToken } = await api.logIn('anna');
    await age('24 hours');
    const { status, body } = await refresh(refreshToken);
    assert.deepEqual([status, body.code], [401, 'refresh_token_expired']);
  });

  it('are stored as hashes only', async () => {
    const { refreshToken } = await api.logIn('anna');
    const { rows } = await owner.query('SELECT t::text FROM app.refresh_token t');
    const stored = rows.map((row: { t: string }) => row.t).join('\n');
    assert.ok(!stored.includes(refreshToken));
    assert.ok(!stored.includes(Buffer.from(refreshToken, 'base64url').toString('hex')));
  });

  it('that nobody gave out are refused', async () => {
    assert.equal((await refresh('nonsense')).body.code, 'refresh_token_invalid');
  });
});
