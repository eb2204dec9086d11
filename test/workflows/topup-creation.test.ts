import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { createStory, type Person, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('creating a payment at a provider that misbehaves', () => {
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

  const paymentsOf = async (topupId: string) =>
    (await stack.shop.state()).payments.filter(({ metadata }) => metadata['topupId'] === topupId);
  const requests = async (topupId: string) => {
    const { rows } = await stack.owner.query<{ key: string; outcome: string }>(
      'SELECT key, outcome FROM app.payment_request WHERE topup_id = $1 ORDER BY attempt',
      [topupId],
    );
    return rows;
  };

  const faults = [
    ['500', { kind: 'status', status: 500, body: { type: 'error', code: 'internal_server_error' } }],
    ['a connection that breaks after the act', { kind: 'drop-after' }],
    ['an answer that is no JSON', { kind: 'garbage' }],
    ['429', { kind: 'status', status: 429, body: { type: 'error', code: 'too_many_requests' } }],
  ] as const;
  for (const [what, fault] of faults) {
    it(`W17: after ${what} the same key is used again, and there is one payment`, async () => {
      await stack.shop.faults({ method: 'POST', path: '/v3/payments', times: 2, fault });
      const { id, paymentId } = await story.buy(vera);
      await story.until(id, 'awaiting_payment');
      assert.deepEqual(
        (await paymentsOf(id)).map((payment) => payment.id),
        [paymentId],
      );
      assert.deepEqual(await requests(id), [{ key: id, outcome: 'done' }]);
    });
  }

  it('W18: when the key has lapsed meanwhile, the payment is looked up by our reference before another is made', async () => {
    const key = crypto.randomUUID();
    await stack.shop.faults({ method: 'POST', path: '/v3/payments', times: 1, fault: { kind: 'drop-after' } });
    const creating = stack.traps.stopAt('topup.after-create');
    const placing = story.placeTopup(vera, { key });
    await creating.reached;
    await stack.owner.query(
      "UPDATE app.payment_request SET first_sent_at = now() - interval '24 hours' WHERE key = $1",
      [key],
    );
    creating.open();
    await placing;
    await story.until(key, 'awaiting_payment');
    const [payment, ...others] = await paymentsOf(key);
    assert.deepEqual(others, []);
    assert.equal((await story.topup(key)).paymentId, payment?.id);
    await stack.shop.control(`/payments/${payment?.id}/succeed`);
    await story.until(key, 'credited');
  });

  it('W18: and only when the provider knows of none is a new key used', async () => {
    const key = crypto.randomUUID();
    await stack.shop.faults({ method: 'POST', path: '/v3/payments', times: 1, fault: { kind: 'drop-before' } });
    const creating = stack.traps.stopAt('topup.after-create');
    const placing = story.placeTopup(vera, { key });
    await creating.reached;
    await stack.owner.query(
      "UPDATE app.payment_request SET first_sent_at = now() - interval '24 hours' WHERE key = $1",
      [key],
    );
    creating.open();
    await placing;
    await story.until(key, 'awaiting_payment');
    assert.equal((await paymentsOf(key)).length, 1);
    assert.deepEqual(await requests(key), [
      { key, outcome: 'given_up' },
      { key: `${key}-2`, outcome: 'done' },
    ]);
  });

  it('the person may give up while the payment is being created, and is credited if they pay it all the same', async () => {
    const key = crypto.randomUUID();
    const creating = stack.traps.stopAt('topup.after-create');
    const placing = story.placeTopup(vera, { key });
    await creating.reached;
    const canceled = await story.act(vera, `/topups/${key}/cancel`);
    assert.equal(canceled.body.topup.status, 'canceled');
    creating.open();
    await placing;
    await eventually(async () => (await story.topup(key)).paymentId !== null);
    assert.equal((await story.topup(key)).status, 'canceled');
    await stack.shop.control(`/payments/${(await story.topup(key)).paymentId}/succeed`);
    await story.until(key, 'credited');
  });
});
