import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { createStory, type Person, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a top-up in crypto', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(async () => {
    await stack.exchange.faults();
    await story.assertMoney();
  });

  /** 100 credits for 500 roubles, which are 6.25 USDT. */
  async function buy(person: Person): Promise<{ id: string; paymentId: string }> {
    const { status, body } = await story.placeTopup(person, { provider: 'heleket' });
    assert.equal(status, 202, JSON.stringify(body));
    const { id } = body.topup;
    await eventually(async () => (await stack.topups.get(id))?.paymentId !== null);
    return { id, paymentId: (await stack.topups.get(id))?.paymentId ?? '' };
  }
  const act = (paymentId: string, what: string, options: object = {}) =>
    stack.exchange.control(`/invoices/${paymentId}/${what}`, options);
  const sweep = () =>
    stack.client.workflow.execute('housekeeping', {
      taskQueue: 'holdfast',
      workflowId: `sweep/${randomUUID()}`,
      args: [{ job: 'sweepPayments' }],
    });
  /** What the person is told was credited, and what came of the price, in minor units. */
  async function shown({ token }: Person, id: string): Promise<(string | null)[]> {
    const { topup } = (await stack.api.call('GET', `/topups/${id}`, { token })).body;
    return [topup.credited, topup.received].map((amount) => amount?.amountMinor ?? null);
  }
  async function credits(person: Person): Promise<bigint> {
    return (await story.balance(person)).available;
  }
  const settled = (paymentId: string) =>
    eventually(async () => {
      const handle = stack.client.workflow.getHandle(`settle/heleket/${paymentId}`);
      return (await handle.describe().catch(() => undefined))?.status.name === 'COMPLETED';
    });

  it('that is paid exactly is credited once, with the fee that Heleket names', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    const { payUrl, payExpiresAt } = await story.topup(id);
    assert.equal(payUrl, `${stack.exchange.url}/pay/${paymentId}`);
    assert.ok(payExpiresAt !== null);
    await act(paymentId, 'pay');
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 100n);
    const { rows } = await stack.owner.query<{ account: string; minor: string }>(
      `SELECT a.code AS account, sum(e.amount_minor)::text AS minor FROM ledger.transfer t
       JOIN ledger.entry e ON e.transfer_id = t.id JOIN ledger.account a ON a.id = e.account_id
       WHERE t.key = $1 AND e.asset = 'RUB' GROUP BY 1 ORDER BY 1`,
      [`credit/heleket/${paymentId}`],
    );
    assert.deepEqual(rows, [
      { account: 'clearing:heleket', minor: '49000' },
      { account: 'deferred', minor: '-50000' },
      { account: 'fees:heleket', minor: '1000' },
      { account: 'tax_due', minor: '-2000' },
      { account: 'tax_expense', minor: '2000' },
    ]);
  });

  it('that is paid too little is credited in part when its time is over, and the person is told how much', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { percent: 50 });
    assert.equal(await credits(vera), 0n);
    await act(paymentId, 'expire');
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 50n);
    const { rows } = await stack.owner.query(
      "SELECT data ->> 'amountMinor' AS minor FROM app.outbox WHERE user_id = $1 AND kind = 'topup.credited'",
      [vera.id],
    );
    assert.deepEqual(rows, [{ minor: '50' }]);
    assert.deepEqual(await shown(vera, id), ['50', '25000']);
  });

  it('that is paid too much is credited with all that came', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { percent: 150 });
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 150n);
    assert.deepEqual(await shown(vera, id), ['150', '75000']);
  });

  it('that waits for the rest says how much has come, and nothing of it once all is there', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    assert.deepEqual(await shown(vera, id), [null, null]);
    await act(paymentId, 'pay', { percent: 50 });
    await story.act(vera, `/topups/${id}/check`);
    assert.deepEqual(await shown(vera, id), [null, '25000']);
    await act(paymentId, 'pay');
    await story.until(id, 'credited');
    assert.deepEqual(await shown(vera, id), ['100', '50000']);
    assert.equal((await story.topup(id)).receivedMinor, null);
  });

  it('that is worth less than a credit is left to a person', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { amount: '0.01' });
    await act(paymentId, 'expire');
    await story.until(id, 'needs_attention');
    assert.deepEqual(await story.cases(vera), ['amount_mismatch']);
    assert.equal(await credits(vera), 0n);
  });

  it('that is paid after its time is credited all the same', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'expire');
    await story.until(id, 'canceled');
    await story.closed(`topup/${id}`);
    await act(paymentId, 'pay');
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 100n);
  });

  it('W1: that is told of twenty times is credited once', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { times: 20 });
    await story.until(id, 'credited');
    await eventually(async () => {
      const { notifications } = await stack.exchange.state();
      const mine = notifications.filter(({ uuid, status }) => uuid === paymentId && status === 'paid');
      return mine.length === 20 && mine.every(({ state }) => state === 'received');
    });
    assert.equal(await credits(vera), 100n);
    assert.equal(await story.count('app.inbox WHERE dedupe_key = $1 AND deliveries >= 20', [`${paymentId}:paid`]), 1);
  });

  it('whose webhook is lost is found by the sweep', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { notify: false });
    await sweep();
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 100n);
  });

  it('whose person says "I paid" is asked about at once', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { notify: false });
    const { body } = await story.act(vera, `/topups/${id}/check`);
    assert.equal(body.topup.status, 'credited');
  });

  it('W13: is not moved by a webhook with a forged signature', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'status', { status: 'check', claims: 'paid', forgedWith: 'a key of nobody' });
    await eventually(async () => {
      const { notifications } = await stack.exchange.state();
      return notifications.some(({ uuid, lastStatus }) => uuid === paymentId && lastStatus === 401);
    });
    assert.equal(await story.count('app.inbox WHERE dedupe_key = $1', [`${paymentId}:paid`]), 0);
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
  });

  it('whose webhook says paid while the invoice does not is not credited, and is when it is', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'status', { status: 'check', claims: 'paid' });
    await eventually(
      async () =>
        (await story.count("app.inbox WHERE dedupe_key = $1 AND state = 'done'", [`${paymentId}:paid`])) === 1,
    );
    assert.equal(await credits(vera), 0n);
    await act(paymentId, 'pay');
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 100n);
  });

  it('whose coins an AML check holds is shown to a person, and credited when it lets them go', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { isSuspect: true });
    // Heleket tells nobody of `locked`.
    await sweep();
    await story.until(id, 'needs_attention');
    assert.deepEqual(await story.cases(vera), ['held_by_provider']);
    await act(paymentId, 'release', { notify: false });
    await sweep();
    await story.until(id, 'credited');
    assert.equal(await credits(vera), 100n);
  });

  it('whose money goes back after the credit opens a case, and the credits stay', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay');
    await story.until(id, 'credited');
    await story.closed(`topup/${id}`);
    await act(paymentId, 'status', { status: 'refund_paid' });
    await eventually(async () => (await story.cases(vera)).includes('payment_returned'));
    assert.equal((await story.topup(id)).status, 'credited');
    assert.equal(await credits(vera), 100n);
  });

  it('that was credited in part, and to which more comes later, opens a case for the rest', async () => {
    const vera = await story.person();
    const { id, paymentId } = await buy(vera);
    await act(paymentId, 'pay', { percent: 50 });
    await act(paymentId, 'expire');
    await story.until(id, 'credited');
    await story.closed(`topup/${id}`);
    await act(paymentId, 'pay');
    await settled(paymentId);
    assert.deepEqual(await story.cases(vera), ['payment_changed']);
    assert.equal(await credits(vera), 50n);
  });

  it('is created once although the answer is lost, and there is one invoice', async () => {
    await stack.exchange.faults({ path: '/v1/payment', fault: { kind: 'drop-after' } });
    const vera = await story.person();
    const { id } = await buy(vera);
    const { invoices } = await stack.exchange.state();
    assert.equal(invoices.filter(({ order_id }) => order_id.startsWith(id)).length, 1);
  });
});
