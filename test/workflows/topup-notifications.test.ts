import assert from 'node:assert/strict';
import { flowsQueue } from '../../core/queues.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Person, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('notifications of payments', () => {
  let stack: Stack;
  let story: Story;
  let vera: Person;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  beforeEach(async () => {
    vera = await story.person();
  });
  after(() => stack.stop());
  afterEach(async () => {
    await stack.shop.faults();
    stack.traps.clear();
    await story.assertMoney();
  });

  const paid = async (paymentId: string, options: object = { notify: false }) =>
    stack.shop.control(`/payments/${paymentId}/succeed`, options);
  const inboxDrained = (paymentId: string) =>
    eventually(
      async () =>
        (await story.count("app.inbox WHERE fact ->> 'paymentId' = $1 AND state = 'pending'", [paymentId])) === 0,
      { withinMs: 10_000 },
    );
  const sweep = () =>
    stack.client.workflow.execute('housekeeping', {
      taskQueue: flowsQueue,
      workflowId: `sweep/${crypto.randomUUID()}`,
      args: [{ job: 'sweepPayments' }],
    });
  const settleEnded = async (paymentId: string) => {
    const handle = stack.client.workflow.getHandle(`settle/yookassa/${paymentId}`);
    await eventually(async () => (await handle.describe().catch(() => undefined))?.status.name === 'COMPLETED', {
      withinMs: 10_000,
    });
    return (await handle.result()) as { outcome: string };
  };

  it('W1: a hundred deliveries at once, through two doors, are one inbox row, one credit and one message', async () => {
    const { id, paymentId } = await story.buy(vera);
    await paid(paymentId, { notify: true, times: 50 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => story.notify(paymentId)));
    assert.deepEqual([...new Set(answers)], [200]);
    await story.until(id, 'credited');
    await inboxDrained(paymentId);
    await story.closed(`topup/${id}`);
    assert.equal(await story.count('app.inbox WHERE dedupe_key = $1', [`payment.succeeded:${paymentId}`]), 1);
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.credited']);
  });

  it('W2: one that comes after the workflow has closed, or is forgotten, is answered 200 and credits nothing', async () => {
    const { id, paymentId } = await story.buy(vera);
    await paid(paymentId);
    await story.notify(paymentId);
    await story.closed(`topup/${id}`);
    assert.equal(await story.notify(paymentId), 200);
    await inboxDrained(paymentId);
    // Retention: Temporal knows nothing of the order any more, and our inbox row was cleared away.
    const { connection } = stack.client;
    await connection.workflowService.deleteWorkflowExecution({
      namespace: stack.temporal.namespace,
      workflowExecution: { workflowId: `topup/${id}` },
    });
    await stack.owner.query("DELETE FROM app.inbox WHERE fact ->> 'paymentId' = $1", [paymentId]);
    assert.equal(await story.notify(paymentId), 200);
    assert.deepEqual(await settleEnded(paymentId), { outcome: 'credited' });
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.credited']);
  });

  it('W3: one that comes before the answer to our own request finds its top-up by the reference', async () => {
    const answering = stack.traps.stopAt('topup.after-create');
    const key = crypto.randomUUID();
    const placing = story.placeTopup(vera, { key });
    await answering.reached;
    const payment = (await stack.shop.state()).payments.find(({ metadata }) => metadata['topupId'] === key);
    await paid(payment?.id ?? '');
    assert.equal(await story.notify(payment?.id ?? ''), 200);
    await story.until(key, 'credited');
    answering.open();
    assert.equal((await placing).body.topup.status, 'credited');
    await story.closed(`topup/${key}`);
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.credited']);
  });

  it('W9: one of a cancellation that comes after the payment was credited changes nothing', async () => {
    const { id, paymentId } = await story.buy(vera);
    await paid(paymentId);
    await story.notify(paymentId);
    await story.closed(`topup/${id}`);
    await story.notify(paymentId, 'payment.waiting_for_capture');
    await story.notify(paymentId, 'payment.canceled');
    await inboxDrained(paymentId);
    await settleEnded(paymentId);
    assert.equal((await story.topup(id)).status, 'credited');
    assert.equal((await story.balance(vera)).available, 100n);
  });

  it('W9: money that comes after the cancellation is credited', async () => {
    const { id, paymentId } = await story.buy(vera);
    await stack.shop.control(`/payments/${paymentId}/cancel`);
    await story.closed(`topup/${id}`);
    await paid(paymentId, { force: true });
    await story.until(id, 'credited');
    assert.equal((await story.balance(vera)).available, 100n);
  });

  it('W10: one that says succeeded while the provider says pending credits nothing, and swallows nothing', async () => {
    const { id, paymentId } = await story.buy(vera);
    assert.equal(await story.notify(paymentId), 200);
    await inboxDrained(paymentId);
    await story.act(vera, `/topups/${id}/check`);
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 0n });
    await paid(paymentId, { notify: true });
    await story.until(id, 'credited');
    assert.equal(
      await story.count('app.inbox WHERE dedupe_key = $1 AND deliveries = 2', [`payment.succeeded:${paymentId}`]),
      1,
    );
  });

  it('an unknown payment is answered 200, once settled as nobody’s', async () => {
    const nobodys = crypto.randomUUID();
    assert.equal(await story.notify(nobodys), 200);
    assert.deepEqual(await settleEnded(nobodys), { outcome: 'unknown_payment' });
  });

  it('one paid under a reference of ours that no order has is a case: somebody’s money is with us', async () => {
    const lostId = crypto.randomUUID();
    const body = { amount: { value: '500.00', currency: 'RUB' }, capture: true, metadata: { topupId: lostId } };
    const confirmation = { type: 'redirect', return_url: 'https://example.org/' };
    const { body: lost } = await stack.shop.call('POST', '/payments', { key: lostId, body: { ...body, confirmation } });
    const lostPaymentId = lost.id ?? assert.fail('no payment');
    await paid(lostPaymentId, { notify: true });
    assert.deepEqual(await settleEnded(lostPaymentId), { outcome: 'unknown_topup' });
    assert.equal(await story.count('app.attention WHERE key = $1', [`unclaimed-payment/yookassa/${lostPaymentId}`]), 1);
  });

  it('a payment whose reference is no id of ours is nobody’s, and no failure', async () => {
    const body = { amount: { value: '500.00', currency: 'RUB' }, capture: true, metadata: { topupId: 'order 7' } };
    const confirmation = { type: 'redirect', return_url: 'https://example.org/' };
    const key = crypto.randomUUID();
    const { body: foreign } = await stack.shop.call('POST', '/payments', { key, body: { ...body, confirmation } });
    const foreignId = foreign.id ?? assert.fail('no payment');
    await paid(foreignId, { notify: true });
    assert.deepEqual(await settleEnded(foreignId), { outcome: 'unknown_topup' });
  });

  it('a provider that refuses our credentials is a case, and what was paid meanwhile is credited afterwards', async () => {
    const { id, paymentId } = await story.buy(vera);
    const body = { type: 'error', code: 'invalid_credentials' };
    await stack.shop.faults({
      method: 'GET',
      path: '/v3/payments/*',
      times: 1_000,
      fault: { kind: 'status', status: 401, body },
    });
    await paid(paymentId, { notify: true });
    const isReported = async () => (await story.count("app.attention WHERE kind = 'provider_account'")) === 1;
    await eventually(isReported, { withinMs: 10_000 });
    await stack.shop.faults({ path: '/v3/payments', times: 1_000, fault: { kind: 'status', status: 403, body: {} } });
    await assert.rejects(sweep());
    assert.equal(await story.count("app.attention WHERE key LIKE 'provider-account/yookassa/http_403/%'"), 1);
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
    await stack.shop.faults();
    await story.until(id, 'credited');
  });

  it('a payment that nobody told us of is found by the sweep, once', async () => {
    const { id, paymentId } = await story.buy(vera);
    await paid(paymentId);
    await sweep();
    await story.until(id, 'credited');
    assert.equal(await story.count("app.inbox WHERE fact ->> 'paymentId' = $1", [paymentId]), 1);
  });

  it('a canceled payment of a top-up that was given up is swept once and not with every turn', async () => {
    const { id, paymentId } = await story.buy(vera);
    await story.act(vera, `/topups/${id}/cancel`);
    await stack.shop.control(`/payments/${paymentId}/cancel`, { notify: false });
    for (let turn = 0; turn < 3; turn += 1) await sweep();
    await story.closed(`topup/${id}`);
    await inboxDrained(paymentId);
    assert.equal(await story.count("app.inbox WHERE fact ->> 'paymentId' = $1 AND deliveries = 1", [paymentId]), 1);
  });
});
