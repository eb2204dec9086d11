import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseNotification } from '../../providers/yookassa/inbound.ts';
import { retryOffsetsSeconds } from '../../providers/yookassa/simulator/notifications.ts';
import { eventually } from '../support/eventually.ts';
import { type Receiver, type Shop, openReceiver, openShop } from '../support/yookassa.ts';

const payment = { amount: { value: '100.00', currency: 'RUB' }, capture: true };
const hourMs = 3_600_000;

describe('Notifications of YooKassa', () => {
  let yookassa: Shop;
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await openReceiver();
    yookassa = await openShop({ webhookUrl: receiver.url });
  });
  afterEach(async () => {
    await yookassa.stop();
    await receiver.close();
  });

  async function create(body: object = payment): Promise<string> {
    return (await yookassa.call('POST', '/payments', { key: randomUUID(), body })).body.id ?? '';
  }
  const arrived = (count: number) => eventually(() => receiver.received.length === count);
  const parsed = (index: number) =>
    JSON.parse(receiver.received[index]?.body ?? '') as { type: string; event: string; object: { id: string } };
  const advance = (ms: number) => yookassa.control('/clock', { advanceMs: ms });
  const settled = () =>
    eventually(async () => (await yookassa.state()).notifications.every((n) => n.state !== 'waiting'));

  it('tell event and object when the payer has paid', async () => {
    const paymentId = await create();
    await yookassa.control(`/payments/${paymentId}/succeed`);
    await arrived(1);
    const { type, event, object } = parsed(0);
    assert.deepEqual([type, event], ['notification', 'payment.succeeded']);
    assert.deepEqual(object, (await yookassa.call('GET', `/payments/${paymentId}`)).body);
    assert.equal(receiver.received[0]?.headers['content-type'], 'application/json');
    assert.equal(parseNotification(receiver.received[0]?.body ?? '')?.dedupeKey, `payment.succeeded:${paymentId}`);
  });

  it('tell of a hold first, and of its capture then, when the shop captures', async () => {
    const paymentId = await create({ ...payment, capture: false });
    await yookassa.control(`/payments/${paymentId}/succeed`);
    await arrived(1);
    await yookassa.call('POST', `/payments/${paymentId}/capture`, { key: randomUUID(), body: {} });
    await arrived(2);
    assert.deepEqual([parsed(0).event, parsed(1).event], ['payment.waiting_for_capture', 'payment.succeeded']);
  });

  it('are not sent when that is asked', async () => {
    await yookassa.control(`/payments/${await create()}/succeed`, { notify: false });
    assert.deepEqual((await yookassa.state()).notifications, []);
  });

  it('W1: are sent as many times as asked, all alike', async () => {
    await yookassa.control(`/payments/${await create()}/succeed`, { times: 20 });
    await arrived(20);
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
  });

  it('are repeated at the documented times until the answer is exactly 200', async () => {
    receiver.answerWith(204);
    await yookassa.control(`/payments/${await create()}/succeed`);
    await arrived(1);
    for (const [index, offset] of retryOffsetsSeconds.entries()) {
      if (index === 0) continue;
      await eventually(async () => (await yookassa.state()).notifications[0]?.attempts === index);
      if (index === 4) receiver.answerWith(200);
      await advance((offset - (retryOffsetsSeconds[index - 1] ?? 0)) * 1_000);
      await arrived(Math.min(index + 1, 5));
      if (index === 4) break;
    }
    await settled();
    await advance(25 * hourMs);
    const [notification] = (await yookassa.state()).notifications;
    assert.deepEqual([notification?.attempts, notification?.state], [5, 'received']);
  });

  it('are given up after the last of the ladder', async () => {
    receiver.answerWith(500);
    await yookassa.control('/options', { retryScale: 0 });
    await yookassa.control(`/payments/${await create()}/succeed`);
    await settled();
    const [notification] = (await yookassa.state()).notifications;
    assert.deepEqual([notification?.attempts, notification?.state], [retryOffsetsSeconds.length, 'given_up']);
    assert.equal(receiver.received.length, retryOffsetsSeconds.length);
  });

  it('carry the object of the moment, also when it has changed since', async () => {
    const paymentId = await create({ ...payment, capture: false });
    await yookassa.control(`/payments/${paymentId}/succeed`, { delayMs: 60_000 });
    await yookassa.call('POST', `/payments/${paymentId}/capture`, { key: randomUUID(), body: {} });
    await arrived(1);
    await advance(60_000);
    await arrived(2);
    assert.equal((parsed(1).object as { status?: string }).status, 'waiting_for_capture');
  });

  it('tell of the end of the payer’s hour', async () => {
    const paymentId = await create();
    await advance(hourMs - 1_000);
    assert.equal((await yookassa.call('GET', `/payments/${paymentId}`)).body.status, 'pending');
    await advance(1_000);
    await arrived(1);
    assert.equal(parsed(0).event, 'payment.canceled');
    const { cancellation_details } = (await yookassa.call('GET', `/payments/${paymentId}`)).body;
    assert.deepEqual(cancellation_details, { party: 'yoo_money', reason: 'expired_on_confirmation' });
  });

  it('survive a wrong amount, a wrong shop and a test payment being told as they are (W8)', async () => {
    const paymentId = await create();
    await yookassa.control(`/payments/${paymentId}/succeed`, { amount: '1.00', shopId: '999', test: false });
    const { amount, recipient, test } = (await yookassa.call('GET', `/payments/${paymentId}`)).body;
    assert.deepEqual([amount?.value, recipient?.account_id, test], ['1.00', '999', false]);
  });

  it('W9: can contradict one another, canceled after succeeded and the other way', async () => {
    const [first, second] = [await create(), await create()];
    await yookassa.control(`/payments/${first}/succeed`);
    await yookassa.control(`/payments/${first}/cancel`, { force: true });
    await yookassa.control(`/payments/${second}/cancel`);
    await yookassa.control(`/payments/${second}/succeed`, { force: true });
    await arrived(4);
    const events = receiver.received.map((_, index) => parsed(index)).filter(({ object }) => object.id === second);
    assert.deepEqual(events.map(({ event }) => event).sort(), ['payment.canceled', 'payment.succeeded']);
  });
});
