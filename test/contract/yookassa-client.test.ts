import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { Secret } from '../../platform/secret.ts';
import { createHttp } from '../../providers/http.ts';
import type { Fault } from '../../providers/faults.ts';
import { basicAuthorization, createYookassa } from '../../providers/yookassa/client.ts';
import { silent } from '../support/log.ts';
import { type Shop, openShop, order, shop } from '../support/yookassa.ts';

describe('The client of YooKassa', () => {
  let yookassa: Shop;
  before(async () => {
    yookassa = await openShop();
  });
  after(() => yookassa.stop());
  afterEach(() => yookassa.faults());

  const body = () => yookassa.client.createBody(order);
  async function created() {
    const outcome = await yookassa.client.create(randomUUID(), body());
    assert.equal(outcome.outcome, 'done');
    return outcome.value;
  }

  it('makes the documented Basic header', () => {
    const expected = 'Basic MTAwNTAwOnRlc3Rfc2VjcmV0X2tleV8xMjM=';
    assert.equal(basicAuthorization('100500', 'test_secret_key_123'), expected);
  });

  it('asks for one-stage capture, names our top-up, and writes the same bytes each time', () => {
    const sent = JSON.parse(body()) as Record<string, unknown>;
    assert.deepEqual(sent, {
      amount: { value: '1000.00', currency: 'RUB' },
      capture: true,
      confirmation: { type: 'redirect', return_url: order.returnUrl },
      description: '100 credits',
      metadata: { topupId: order.topupId },
    });
    assert.equal(body(), body());
  });

  it('cuts a description at 128 characters without breaking one', async () => {
    const sent = yookassa.client.createBody({ ...order, description: `!${'💳'.repeat(200)}` });
    assert.equal((JSON.parse(sent) as { description: string }).description, `!${'💳'.repeat(63)}`);
    assert.equal((await yookassa.client.create(randomUUID(), sent)).outcome, 'done');
  });

  it('sends receipt data when it is configured', async () => {
    const client = createYookassa({
      apiUrl: `${yookassa.url}/v3`,
      shopId: shop.shopId,
      secretKey: new Secret(shop.secretKey),
      http: createHttp({ provider: 'yookassa', logger: silent }),
      logger: silent,
      receipt: { email: 'receipts@example.org', vatCode: 11 },
    });
    await yookassa.control('/options', { receiptRequired: true });
    assert.equal((await client.create(randomUUID(), client.createBody(order))).outcome, 'done');
    const without = await yookassa.client.create(randomUUID(), body());
    await yookassa.control('/options', { receiptRequired: false });
    assert.equal(without.outcome === 'refused' && without.message, 'Receipt is missing or illegal (receipt)');
  });

  it('creates a payment and tells where to pay, until when, and in which shop', async () => {
    const payment = await created();
    assert.equal(payment.status, 'pending');
    assert.deepEqual(payment.amount, money(100_000n, 'RUB'));
    assert.equal(payment.topupId, order.topupId);
    assert.equal(payment.shopId, shop.shopId);
    assert.equal(payment.test, true);
    assert.equal(payment.payUrl, `${yookassa.url}/checkout/payments/v2/contract?orderId=${payment.paymentId}`);
    assert.equal(Date.parse(payment.expiresAt ?? '') - Date.parse(payment.createdAt), 3_600_000);
  });

  it('reads a paid payment with what the shop receives', async () => {
    const { paymentId } = await created();
    await yookassa.control(`/payments/${paymentId}/succeed`);
    const outcome = await yookassa.client.read(paymentId);
    assert.equal(outcome.outcome, 'done');
    assert.equal(outcome.value.status, 'succeeded');
    assert.deepEqual(outcome.value.income, money(96_584n, 'RUB'));
    assert.equal(outcome.value.payUrl, undefined);
  });

  it('reads why a payment was canceled', async () => {
    const { paymentId } = await created();
    await yookassa.control(`/payments/${paymentId}/cancel`, { reason: 'insufficient_funds' });
    const outcome = await yookassa.client.read(paymentId);
    assert.equal(outcome.outcome === 'done' && outcome.value.cancelReason, 'insufficient_funds');
  });

  it('is refused with not_found for a payment that is not there, whatever the id holds', async () => {
    for (const paymentId of [randomUUID(), '../me', '..', 'a/b?c#d']) {
      const outcome = await yookassa.client.read(paymentId);
      assert.equal(outcome.outcome === 'refused' && outcome.code, 'not_found', paymentId);
    }
  });

  it('is refused the cancellation of a pending payment', async () => {
    const outcome = await yookassa.client.cancel(randomUUID(), (await created()).paymentId);
    assert.deepEqual(outcome, {
      outcome: 'refused',
      code: 'invalid_request',
      message: 'Payment can not be canceled in current status',
    });
  });

  it('gives money back, and reads the refund', async () => {
    const { paymentId } = await created();
    await yookassa.control(`/payments/${paymentId}/succeed`);
    const refund = await yookassa.client.refund(randomUUID(), { paymentId, amount: money(40_000n, 'RUB') });
    assert.equal(refund.outcome, 'done');
    assert.equal(refund.value.status, 'succeeded');
    assert.deepEqual(await yookassa.client.readRefund(refund.value.refundId), refund);
  });

  it('is refused with invalid_credentials when the secret is wrong', async () => {
    const client = createYookassa({
      apiUrl: `${yookassa.url}/v3`,
      shopId: shop.shopId,
      secretKey: new Secret('test_other'),
      http: createHttp({ provider: 'yookassa', logger: silent }),
      logger: silent,
    });
    const outcome = await client.create(randomUUID(), body());
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'invalid_credentials');
  });

  it('knows a live shop by its key', () => {
    const http = createHttp({ provider: 'yookassa', logger: silent });
    const live = (key: string) =>
      createYookassa({ apiUrl: '', shopId: '1', secretKey: new Secret(key), http, logger: silent }).live;
    assert.deepEqual([live('live_abc'), live('test_abc')], [true, false]);
  });

  const unknowns: [string, Fault][] = [
    ['a 500', { kind: 'status', status: 500, body: { type: 'error', code: 'internal_server_error' } }],
    ['a 502 page', { kind: 'status', status: 502, body: '<html>bad gateway</html>' }],
    ['a 404 page that is not the API', { kind: 'status', status: 404, body: '<html>not here</html>' }],
    ['a 202', { kind: 'status', status: 202, body: { type: 'processing' } }],
    ['a redirect', { kind: 'status', status: 302, body: '' }],
    ['garbage with a 200', { kind: 'garbage' }],
    ['a connection dropped before the act', { kind: 'drop-before' }],
    ['a connection dropped after the act', { kind: 'drop-after' }],
  ];
  for (const [what, fault] of unknowns) {
    it(`W17: takes ${what} for unknown, and the same key and body then give one payment`, async () => {
      await yookassa.control('/reset');
      await yookassa.faults({ method: 'POST', path: '/v3/payments', fault });
      const key = randomUUID();
      assert.equal((await yookassa.client.create(key, body())).outcome, 'unknown');
      assert.equal((await yookassa.client.create(key, body())).outcome, 'done');
      assert.equal((await yookassa.state()).payments.length, 1);
    });
  }

  it('takes a 429 for unknown, with the time to wait in milliseconds', async () => {
    const code = 'too_many_requests';
    await yookassa.faults(
      { path: '/v3/**', fault: { kind: 'status', status: 429, body: { code, retry_after: 1800 } } },
      { path: '/v3/**', fault: { kind: 'status', status: 429, body: { code }, headers: { 'retry-after': '3' } } },
    );
    const outcomes = [await yookassa.client.read(randomUUID()), await yookassa.client.create(randomUUID(), body())];
    assert.deepEqual(outcomes, [
      { outcome: 'unknown', reason: code, retryAfterMs: 1_800 },
      { outcome: 'unknown', reason: code, retryAfterMs: 3_000 },
    ]);
  });

  it('takes another body under a used key for unknown: something was done under it', async () => {
    const key = randomUUID();
    await yookassa.client.create(key, body());
    const outcome = await yookassa.client.create(key, yookassa.client.createBody({ ...order, topupId: 'other' }));
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'idempotence_key_reused' });
  });

  it('takes a status that it does not know for unknown', async () => {
    const { paymentId } = await created();
    const { body: payment } = await yookassa.call('GET', `/payments/${paymentId}`);
    await yookassa.faults({
      path: '/v3/**',
      fault: { kind: 'status', status: 200, body: { ...payment, status: 'new' } },
    });
    assert.deepEqual(await yookassa.client.read(paymentId), { outcome: 'unknown', reason: 'unknown_status' });
  });

  it('W8: is refused a payment that was paid in a currency which is none of ours', async () => {
    const { paymentId } = await created();
    await yookassa.control(`/payments/${paymentId}/succeed`, { amount: { value: '1000.00', currency: 'KZT' } });
    const outcome = await yookassa.client.read(paymentId);
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'unknown_currency');
  });

  it('names the shop of its credentials', async () => {
    assert.deepEqual(await yookassa.client.shop(), { outcome: 'done', value: { shopId: shop.shopId } });
  });
});
