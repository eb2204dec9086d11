import assert from 'node:assert/strict';
import pg from 'pg';
import { startTestApi, type TestApi } from '../support/api.ts';

describe('an error that nobody expected', () => {
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

  it('A13: tells its caller an id and nothing else, is logged whole, and the process lives', async () => {
    const { token } = await api.logIn('anna');
    await owner.query('ALTER TABLE app.outbox RENAME COLUMN kind TO kind_renamed');
    const { status, body } = await api.call('GET', '/notifications', { token });
    await owner.query('ALTER TABLE app.outbox RENAME COLUMN kind_renamed TO kind');
    assert.equal(status, 500);
    assert.deepEqual(Object.keys(body), ['type', 'title', 'status', 'code', 'requestId', 'retryable']);
    assert.doesNotMatch(JSON.stringify(body), /select|kind|outbox|\.ts|at /i);
    const line = api.logs.find((text) => text.includes(body.requestId) && text.includes('unexpected error'));
    assert.match(line ?? '', /42703/);
    assert.equal((await api.call('GET', '/notifications', { token })).status, 200);
  });

  it('a caller may name the request, if the name is harmless', async () => {
    const named = await api.call('GET', '/me', { headers: { 'x-request-id': 'order-screen-42' } });
    assert.equal(named.headers.get('x-request-id'), 'order-screen-42');
    const hostile = await api.call('GET', '/me', { headers: { 'x-request-id': '<script>alert(1)</script>' } });
    assert.match(hostile.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  it('a database that is gone is a 503 with Retry-After, and comes back', async () => {
    const { token } = await api.logIn('anna');
    const { name } = api.database;
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('GET', '/me', { token })));
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    for (const { status, headers, body } of answers) {
      assert.deepEqual([status, body.code], [503, 'temporarily_unavailable']);
      assert.ok(Number(headers.get('retry-after')) >= 1);
    }
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
  });
});
