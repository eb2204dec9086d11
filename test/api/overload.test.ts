import assert from 'node:assert/strict';
import pg from 'pg';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';

describe('a database that is too slow', () => {
  let api: TestApi;
  let owner: pg.Client;

  before(async () => {
    api = await startTestApi({ variables: { DATABASE_POOL_SIZE: '4' } });
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  it('L8: turns 500 requests away quickly, while webhooks keep their own connections', async () => {
    const { token } = await api.logIn('anna');
    // Every read of the outbox waits for this lock.
    await owner.query('BEGIN; LOCK TABLE app.outbox IN ACCESS EXCLUSIVE MODE');
    const startedAt = performance.now();
    const slow = Array.from({ length: 500 }, () => api.call('GET', '/notifications', { token }));
    await eventually(async () => (await waitingFor('app.outbox')) >= 4);

    const notification = { type: 'notification', event: 'payment.succeeded', object: { id: newKey() } };
    const hook = await api.call('POST', '/webhooks/yookassa', { body: notification });
    assert.equal(hook.status, 200);
    assert.ok(performance.now() - startedAt < 5_000);

    const quick = await Promise.race(slow);
    assert.equal(quick.status, 503);
    let refusedCount = 0;
    for (const one of slow) void one.then(({ status }) => (refusedCount += Number(status === 503)));
    await eventually(() => refusedCount >= 400);
    assert.ok((await turnedAway()) > 0);
    await owner.query('ROLLBACK');
    const answers = await Promise.all(slow);
    const refused = answers.filter(({ status }) => status === 503);
    assert.ok(refused.length >= 400, `${refused.length} refused`);
    assert.ok(refused.every(({ headers }) => Number(headers.get('retry-after')) >= 1));
    assert.equal((await api.call('GET', '/notifications', { token })).status, 200);
  });

  async function waitingFor(table: string): Promise<number> {
    const { rows } = await owner.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM pg_locks WHERE relation = $1::regclass AND NOT granted',
      [table],
    );
    return rows[0]?.count ?? 0;
  }

  async function turnedAway(): Promise<number> {
    const metrics = await (await fetch(api.metricsUrl)).text();
    return Number(/holdfast_http_shed_total\{[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0);
  }
});
