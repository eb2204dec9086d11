import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { type Receiver, type Shop, openReceiver, openShop } from '../support/yookassa.ts';

const body = { amount: { value: '100.00', currency: 'RUB' }, capture: true };

describe('The fault rules of a simulator', () => {
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

  const create = () => yookassa.call('POST', '/payments', { key: randomUUID(), body });
  const count = async () => (await yookassa.state()).payments.length;
  const path = '/v3/payments';

  describe('on requests', () => {
    it('delay the answer', async () => {
      await yookassa.faults({ path, fault: { kind: 'delay', ms: 150 } });
      const startedAt = performance.now();
      await create();
      assert.ok(performance.now() - startedAt >= 145);
    });

    it('drop the connection before the act', async () => {
      await yookassa.faults({ path, fault: { kind: 'drop-before' } });
      await assert.rejects(create());
      assert.equal(await count(), 0);
    });

    it('drop the connection after the act', async () => {
      await yookassa.faults({ path, fault: { kind: 'drop-after' } });
      await assert.rejects(create());
      assert.equal(await count(), 1);
    });

    it('answer a status of their own without the act', async () => {
      const fault = { kind: 'status', status: 429, body: { code: 'x' }, headers: { 'retry-after': '9' } } as const;
      await yookassa.faults({ path, fault });
      const answer = await create();
      assert.deepEqual([answer.status, answer.body.code, answer.headers.get('retry-after')], [429, 'x', '9']);
      assert.equal(await count(), 0);
    });

    it('answer garbage after the act', async () => {
      await yookassa.faults({ path, fault: { kind: 'garbage' } });
      await assert.rejects(create(), SyntaxError);
      assert.equal(await count(), 1);
    });

    it('let the body of the answer drip', async () => {
      const { body: made } = await create();
      const size = JSON.stringify(made).length;
      await yookassa.faults({ path: `${path}/*`, fault: { kind: 'slow-body', bytesPerSecond: size * 4 } });
      const startedAt = performance.now();
      const { body: read } = await yookassa.call('GET', `/payments/${made.id}`);
      assert.equal(read.id, made.id);
      assert.ok(performance.now() - startedAt > 150);
    });

    it('strike as often as said, on the method and path said, and count', async () => {
      const fault = { kind: 'status', status: 500, body: '{}' } as const;
      await yookassa.faults({ method: 'post', path: '/v3/*', times: 2, fault });
      assert.equal((await yookassa.call('GET', '/payments')).status, 200);
      const statuses = [(await create()).status, (await create()).status, (await create()).status];
      assert.deepEqual(statuses, [500, 500, 200]);
      const { rules } = (await (await fetch(`${yookassa.url}/_sim/faults`)).json()) as { rules: { hits: number }[] };
      assert.equal(rules[0]?.hits, 2);
    });

    it('are cleared by an empty list, and by a reset', async () => {
      const fault = { kind: 'drop-before' } as const;
      await yookassa.faults({ path: '**', fault });
      assert.deepEqual(await yookassa.faults(), { rules: [] });
      assert.equal((await create()).status, 200);
      await yookassa.faults({ path: '**', fault });
      await yookassa.control('/reset');
      assert.equal((await create()).status, 200);
    });

    it('are refused with what is wrong about them', async () => {
      const broken = { on: 'request', path: '/', fault: { kind: 'reorder' } };
      await assert.rejects(yookassa.control('/faults', { rules: [broken] }), /400.*fault/s);
    });
  });

  describe('on notifications', () => {
    const notified = async () => {
      const { body: made } = await create();
      await yookassa.control(`/payments/${made.id}/succeed`);
      return made.id ?? '';
    };
    const rule = (fault: Parameters<Shop['faults']>[0]['fault']) =>
      yookassa.faults({ on: 'notification', path: '/webhooks/*', fault });
    const attempts = async () => (await yookassa.state()).notifications[0]?.attempts;

    it('send duplicates', async () => {
      await rule({ kind: 'duplicate', copies: 3 });
      await notified();
      await eventually(() => receiver.received.length === 4);
    });

    it('lose one before it is sent, and the ladder brings it later', async () => {
      await rule({ kind: 'drop-before' });
      await notified();
      await eventually(async () => (await attempts()) === 1);
      assert.equal(receiver.received.length, 0);
      await yookassa.control('/clock', { advanceMs: 10_000 });
      await eventually(() => receiver.received.length === 1);
    });

    it('lose the answer, so that it is sent again', async () => {
      await rule({ kind: 'drop-after' });
      await notified();
      await eventually(async () => (await attempts()) === 1);
      await yookassa.control('/clock', { advanceMs: 10_000 });
      await eventually(() => receiver.received.length === 2);
    });

    it('let the next one overtake', async () => {
      await rule({ kind: 'reorder' });
      const [first, second] = [await notified(), await notified()];
      await eventually(() => receiver.received.length === 2);
      const ids = receiver.received.map((one) => (JSON.parse(one.body) as { object: { id: string } }).object.id);
      assert.deepEqual(ids, [second, first]);
    });

    it('send garbage', async () => {
      await rule({ kind: 'garbage' });
      await notified();
      await eventually(() => receiver.received.length === 1);
      assert.throws(() => JSON.parse(receiver.received[0]?.body ?? '') as unknown);
    });
  });
});
