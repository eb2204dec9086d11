import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type CallOptions, type Shop, openShop } from '../support/yookassa.ts';

const payment = { amount: { value: '100.00', currency: 'RUB' }, capture: true };
const hourMs = 3_600_000;

describe('The idempotence key of YooKassa', () => {
  let yookassa: Shop;
  beforeEach(async () => {
    yookassa = await openShop();
  });
  afterEach(() => yookassa.stop());

  const post = (key: string | undefined, body: unknown = payment, options: CallOptions = {}) =>
    yookassa.call('POST', '/payments', { ...(key === undefined ? {} : { key }), body, ...options });
  const count = async () => (await yookassa.state()).payments.length;

  it('is needed', async () => {
    const { status, body } = await post(undefined);
    const { code, description, parameter } = body;
    assert.deepEqual([status, code, parameter], [400, 'invalid_request', 'Idempotence-Key']);
    assert.equal(description, 'Idempotence key is empty');
  });

  it('has at most 64 characters', async () => {
    assert.equal((await post('k'.repeat(64))).status, 200);
    const { status, body } = await post('k'.repeat(65));
    assert.equal(status, 400);
    assert.match(body.description ?? '', /^Idempotence key is too long/);
  });

  it('may hold what the documented range allows, and nothing else', async () => {
    for (const key of ['a+b-c_d.e', 'a:b', 'a/b', 'a@b', 'A[1]']) assert.equal((await post(key)).status, 200, key);
    for (const key of ['a b', 'a!b', 'a~b', 'a(b)']) assert.equal((await post(key)).status, 400, key);
  });

  it('gives the same payment for the same body, in its present state', async () => {
    const key = randomUUID();
    const first = await post(key);
    await yookassa.control(`/payments/${first.body.id}/succeed`);
    const second = await post(key);
    assert.equal(second.body.id, first.body.id);
    assert.equal(second.body.status, 'succeeded');
    assert.equal(await count(), 1);
  });

  it('gives a 400 for another body, and nothing is made', async () => {
    const key = randomUUID();
    await post(key);
    const { status, body } = await post(key, { ...payment, capture: false });
    const { code, description, parameter } = body;
    assert.deepEqual([status, code, parameter], [400, 'invalid_request', 'Idempotence-Key']);
    assert.equal(description, 'Idempotence key duplicated');
    assert.equal(await count(), 1);
  });

  it('makes another payment for the same body under another key', async () => {
    await post(randomUUID());
    await post(randomUUID());
    assert.equal(await count(), 2);
  });

  it('stays refused: the same bad body gets the same 400', async () => {
    const key = randomUUID();
    const bad = { ...payment, amount: { value: '0', currency: 'RUB' } };
    assert.deepEqual((await post(key, bad)).body.description, (await post(key, bad)).body.description);
    assert.equal((await post(key)).body.description, 'Idempotence key duplicated');
  });

  it('answers 500 while the first request is under way, and one payment is made of ten at once', async () => {
    await yookassa.control('/options', { processingMs: 100 });
    const key = randomUUID();
    const answers = await Promise.all([...Array(10)].map(() => post(key)));
    const statuses = answers.map(({ status }) => status).sort((left, right) => left - right);
    assert.deepEqual(statuses, [200, ...Array<number>(9).fill(500)]);
    const { code, retry_after } = answers.find(({ status }) => status === 500)?.body ?? {};
    assert.deepEqual([code, retry_after], ['internal_server_error', 1_800]);
    assert.equal(await count(), 1);
  });

  it('W18: is forgotten after 24 h, and then makes a second payment', async () => {
    const key = randomUUID();
    const first = await post(key);
    await yookassa.control('/clock', { advanceMs: 24 * hourMs - 60_000 });
    assert.equal((await post(key)).body.id, first.body.id);
    await yookassa.control('/clock', { advanceMs: 60_000 });
    const second = await post(key);
    assert.notEqual(second.body.id, first.body.id);
    assert.equal(await count(), 2);
  });

  it('holds for refunds too', async () => {
    const { body: made } = await post(randomUUID());
    await yookassa.control(`/payments/${made.id}/succeed`);
    const refund = { payment_id: made.id, amount: { value: '40.00', currency: 'RUB' } };
    const key = randomUUID();
    const first = await yookassa.call('POST', '/refunds', { key, body: refund });
    const second = await yookassa.call('POST', '/refunds', { key, body: refund });
    assert.equal(first.body.id, second.body.id);
    assert.equal((await yookassa.state()).refunds.length, 1);
  });
});
