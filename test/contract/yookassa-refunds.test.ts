import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { type Receiver, type Shop, openReceiver, openShop } from '../support/yookassa.ts';

describe('Refunds of YooKassa', () => {
  let yookassa: Shop;
  let receiver: Receiver;
  let paymentId: string;

  beforeEach(async () => {
    receiver = await openReceiver();
    yookassa = await openShop({ webhookUrl: receiver.url });
    const body = { amount: { value: '100.00', currency: 'RUB' }, capture: true };
    paymentId = (await yookassa.call('POST', '/payments', { key: randomUUID(), body })).body.id ?? '';
  });
  afterEach(async () => {
    await yookassa.stop();
    await receiver.close();
  });

  const refund = (value: string, options: { currency?: string; payment?: string } = {}) =>
    yookassa.call('POST', '/refunds', {
      key: randomUUID(),
      body: { payment_id: options.payment ?? paymentId, amount: { value, currency: options.currency ?? 'RUB' } },
    });
  const pay = () => yookassa.control(`/payments/${paymentId}/succeed`, { notify: false });
  const read = async () => (await yookassa.call('GET', `/payments/${paymentId}`)).body;

  it('W15: of two halves at once and a third, the third is refused', async () => {
    await pay();
    const answers = await Promise.all([refund('50.00'), refund('50.00'), refund('50.00')]);
    const statuses = answers.map(({ status }) => status).sort((left, right) => left - right);
    assert.deepEqual(statuses, [200, 200, 400]);
    const { refunded_amount, refundable } = await read();
    assert.deepEqual([refunded_amount?.value, refundable], ['100.00', false]);
  });

  it('W15: more than was captured is refused, to the kopeck', async () => {
    await pay();
    assert.equal((await refund('100.01')).body.description, 'Refund sum exceeded');
    assert.equal((await refund('99.99')).status, 200);
    assert.equal((await refund('0.02')).body.description, 'Refund sum exceeded');
    assert.equal((await refund('0.01')).status, 200);
    assert.equal((await refund('0.01')).body.description, 'Payment is already completely refunded');
  });

  it('W15: what is pending counts, and is free again when it ends without money', async () => {
    await yookassa.control('/options', { refundsPending: true });
    await pay();
    const { body: pending } = await refund('100.00');
    assert.equal(pending.status, 'pending');
    assert.equal((await refund('1.00')).status, 400);
    await yookassa.control(`/refunds/${pending.id}/cancel`);
    assert.equal((await refund('1.00')).status, 200);
  });

  it('are refused for a payment that is not paid, in another currency, and for one that is not there', async () => {
    assert.equal((await refund('1.00')).body.description, 'Payment can not be refunded in current status.');
    await pay();
    assert.equal((await refund('1.00', { currency: 'USD' })).body.parameter, 'amount.currency');
    assert.equal((await refund('1.00', { payment: randomUUID() })).body.code, 'not_found');
  });

  it('are told when they succeed, and not when they are canceled', async () => {
    await yookassa.control('/options', { refundsPending: true });
    await pay();
    const [first, second] = [(await refund('10.00')).body, (await refund('20.00')).body];
    await yookassa.control(`/refunds/${first.id}/cancel`);
    await yookassa.control(`/refunds/${second.id}/succeed`);
    await eventually(() => receiver.received.length === 1);
    const { event, object } = JSON.parse(receiver.received[0]?.body ?? '') as { event: string; object: { id: string } };
    assert.deepEqual([event, object.id], ['refund.succeeded', second.id]);
    assert.equal((await yookassa.call('GET', `/refunds/${first.id}`)).body.status, 'canceled');
  });
});
