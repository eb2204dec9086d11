import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('the endings of a top-up', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  const pay = (paymentId: string, options: object = {}) =>
    stack.shop.control(`/payments/${paymentId}/succeed`, options);

  it('is credited when the payer has paid, with the provider’s own fee and the tax in the books', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    await pay(paymentId);
    await story.until(id, 'credited');
    await story.closed(`topup/${id}`);
    assert.deepEqual(await story.balance(vera), { available: 100n, held: 0n });
    const { rows } = await stack.owner.query<{ account: string; minor: string }>(
      `SELECT a.code AS account, sum(e.amount_minor)::text AS minor FROM ledger.transfer t
       JOIN ledger.entry e ON e.transfer_id = t.id JOIN ledger.account a ON a.id = e.account_id
       WHERE t.key = $1 AND e.asset = 'RUB' GROUP BY 1 ORDER BY 1`,
      [`credit/yookassa/${paymentId}`],
    );
    assert.deepEqual(rows, [
      { account: 'clearing:yookassa', minor: '48292' },
      { account: 'deferred', minor: '-50000' },
      { account: 'fees:yookassa', minor: '1708' },
      { account: 'tax_due', minor: '-2000' },
      { account: 'tax_expense', minor: '2000' },
    ]);
  });

  it('is canceled when the provider says that the payment was declined', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    await stack.shop.control(`/payments/${paymentId}/cancel`);
    await story.until(id, 'canceled');
    assert.equal((await story.topup(id)).failureCode, 'payment_canceled');
    await story.closed(`topup/${id}`);
    assert.deepEqual(await story.told(vera), ['topup.canceled']);
  });

  it('S7: is credited all the same when the person gave up and then paid', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    assert.equal((await story.act(vera, `/topups/${id}/cancel`)).body.topup.status, 'canceled');
    await pay(paymentId);
    await story.until(id, 'credited');
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.canceled', 'topup.credited']);
    const again = await story.act(vera, `/topups/${id}/cancel`);
    assert.equal(again.body.code, 'already_credited');
  });

  it('is refused when the provider does not take the order, and says so in the first answer', async () => {
    const vera = await story.person();
    const body = { type: 'error', id: 'e', code: 'invalid_request', description: 'Receipt is missing or illegal' };
    await stack.shop.faults({ method: 'POST', path: '/v3/payments', fault: { kind: 'status', status: 400, body } });
    const placed = await story.placeTopup(vera);
    assert.equal(placed.body.topup.status, 'canceled');
    assert.equal(placed.body.topup.failure.code, 'provider_refused');
    assert.match(placed.body.topup.failure.message, /No money was taken/);
    await story.closed(`topup/${placed.body.topup.id}`);
  });

  it('a second payment of one top-up is credited once of its own, and a person is told', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    const second = await stack.shop.call('POST', '/payments', {
      key: `${id}-2`,
      body: {
        amount: { value: '500.00', currency: 'RUB' },
        capture: true,
        confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
        metadata: { topupId: id },
      },
    });
    await pay(paymentId);
    await story.until(id, 'credited');
    await pay(second.body.id ?? '', { times: 3 });
    await eventually(async () => (await story.balance(vera)).available === 200n);
    await eventually(async () => (await story.cases(vera)).length === 1);
    assert.deepEqual(await story.cases(vera), ['second_payment']);
    assert.equal(await story.notify(second.body.id ?? ''), 200);
    assert.equal((await story.balance(vera)).available, 200n);
  });

  it('a notification that comes while a read is under way has the payment read again', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    // The answer of this read was true when it was given, and is late.
    await stack.shop.faults({
      method: 'GET',
      path: '/v3/payments/*',
      fault: { kind: 'slow-body', bytesPerSecond: 400 },
    });
    const checking = story.act(vera, `/topups/${id}/check`);
    await eventually(async () => (await stack.shop.hits()) === 1);
    await pay(paymentId);
    await checking;
    await story.until(id, 'credited', 8_000);
  });

  it('"I paid" reads the provider at once, and credits without any notification', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    const early = await story.act(vera, `/topups/${id}/check`);
    assert.equal(early.body.topup.status, 'awaiting_payment');
    await pay(paymentId, { notify: false });
    const checked = await story.act(vera, `/topups/${id}/check`);
    assert.equal(checked.body.topup.status, 'credited');
    await story.closed(`topup/${id}`);
    assert.equal((await story.act(vera, `/topups/${id}/check`)).body.topup.status, 'credited');
  });
});
