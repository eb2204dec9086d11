import assert from 'node:assert/strict';
import pg from 'pg';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';

describe('rate limits', () => {
  let api: TestApi;

  before(async () => {
    api = await startTestApi({
      variables: {
        RATE_MESSAGES_PER_MINUTE: '30',
        RATE_OPERATIONS_PER_MINUTE: '20',
        RATE_PAYMENTS_PER_MINUTE: '5',
        RATE_ADDRESS_PER_MINUTE: '100000',
      },
    });
  });

  after(() => api.stop());

  async function statuses(count: number, call: () => Promise<{ status: number }>): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    for (let made = 0; made < count; made += 1) {
      const { status } = await call();
      found.set(status, (found.get(status) ?? 0) + 1);
    }
    return found;
  }

  it('A12: admit 30 reads a minute and refuse the 31st, with Retry-After; other people are not affected', async () => {
    const [anna, boris] = [await api.logIn('anna'), await api.logIn('boris')];
    const found = await statuses(31, () => api.call('GET', '/me', { token: anna.token }));
    assert.deepEqual([found.get(200), found.get(429)], [30, 1]);
    const refused = await api.call('GET', '/me', { token: anna.token });
    assert.equal(refused.body.code, 'rate_limited');
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 60, String(seconds));
    assert.equal((await api.call('GET', '/me', { token: boris.token })).status, 200);
  });

  it('A12: count fifty at once exactly', async () => {
    const { token } = await api.logIn('sonya');
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.call('GET', '/me', { token })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 30);
  });

  it('count changes and top-ups apart: 20 and 5 a minute', async () => {
    const { token } = await api.logIn('boris');
    const operations = await statuses(21, () => api.call('POST', `/topups/${newKey()}/cancel`, { token }));
    assert.deepEqual([operations.get(404), operations.get(429)], [20, 1]);
    const body = { packId: 'none', provider: 'yookassa' };
    const payments = await statuses(6, () => api.call('POST', '/topups', { token, key: newKey(), body }));
    assert.deepEqual([payments.get(422), payments.get(429)], [5, 1]);
  });

  it('A12: give nothing back for a replay that was let in beyond the limit, since it was never counted', async () => {
    const { token } = await api.logIn('anna');
    const order = { token, key: newKey(), body: { packId: 'credits-100', provider: 'yookassa' } };
    await api.call('POST', '/topups', order);
    await settle(api.database.ownerUrl, order.key);
    const place = (packId: string) =>
      api.call('POST', '/topups', { token, key: newKey(), body: { ...order.body, packId } });
    await statuses(4, () => place('none'));
    for (let turn = 0; turn < 3; turn += 1) {
      const repeated = await api.call('POST', '/topups', order);
      assert.deepEqual([repeated.status, repeated.headers.get('idempotency-replayed')], [202, 'true']);
      assert.equal((await place('none')).status, 429);
    }
  });

  it('A12: let webhooks pass whatever people do', async () => {
    const notification = { type: 'notification', event: 'payment.succeeded', object: { id: newKey() } };
    const found = await statuses(60, () => api.call('POST', '/webhooks/yookassa', { body: notification }));
    assert.equal(found.get(200), 60);
  });
});

/** Lets an order be over, so that its repeat is answered from its row. */
async function settle(ownerUrl: string, id: string): Promise<void> {
  const owner = new pg.Client(ownerUrl);
  await owner.connect();
  await owner.query(`UPDATE app.topup SET status = 'canceled' WHERE id = $1`, [id]);
  await owner.end();
}

describe('the rate limit of an address', () => {
  let api: TestApi;

  before(async () => {
    api = await startTestApi({ variables: { RATE_ADDRESS_PER_MINUTE: '10', TRUSTED_PROXY_COUNT: '1' } });
  });

  after(() => api.stop());

  function tryLogIn(from: string) {
    return api.call('POST', '/auth/telegram', { body: { initData: 'x' }, headers: { 'x-forwarded-for': from } });
  }

  it('A12: counts many people behind it together, as our proxy names it', async () => {
    const codes = [];
    for (let tried = 0; tried < 11; tried += 1) codes.push((await tryLogIn(`10.0.0.${tried}, 203.0.113.1`)).status);
    assert.deepEqual(codes, [...Array.from({ length: 10 }, () => 401), 429]);
    assert.equal((await tryLogIn('203.0.113.2')).status, 401);
  });
});
