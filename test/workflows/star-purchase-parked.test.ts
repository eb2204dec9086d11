import assert from 'node:assert/strict';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { walletWorkflowId } from '../../core/flows/wallet.ts';
import { eventually } from '../support/eventually.ts';
import { type BoughtStars, type StarStack, startStarStack } from '../support/star-stack.ts';
import type { Person } from '../support/story.ts';

const given = 10_000_000_000n;

describe('a purchase of Stars that waits for a person', function () {
  this.timeout(120_000);
  let stars: StarStack;
  let olga: Person;
  let oleg: Person;
  before(async () => {
    stars = await startStarStack({ hasty: true, replayAlways: false });
    [olga, oleg] = [await stars.operator('owner'), await stars.operator('manager')];
  });
  afterEach(async () => {
    await stars.shop.options({ delivery: 'auto' });
    await stars.chain.control('/resume');
    const onItsWay = () => stars.story.count("app.star_payment WHERE state IN ('prepared', 'signed')");
    await eventually(async () => (await onItsWay()) === 0, { withinMs: 30_000 });
    await stars.story.assertMoney();
    await stars.assertChain();
  });
  after(() => stars?.stop());

  type Parked = BoughtStars & { readonly anna: Person };

  /** Paid, and Fragment does not deliver. */
  async function paidAndUnseen({ needsTwo = false } = {}): Promise<Parked> {
    const anna = await stars.buyer();
    await stars.shop.options({ delivery: 'hold' });
    const bought = await stars.buy(anna);
    if (needsTwo)
      await stars.stack.owner.query('UPDATE app.star_purchase SET needs_two = true WHERE id = $1', [bought.id]);
    await stars.until(bought.id, 'needs_attention', 60_000);
    return { ...bought, anna };
  }

  /** The chain stands still with the message on its way. */
  async function undecided(): Promise<Parked> {
    const anna = await stars.buyer();
    await stars.chain.control('/pause');
    const bought = await stars.buy(anna);
    await stars.until(bought.id, 'needs_attention', 60_000);
    return { ...bought, anna };
  }

  const isParkedAgain = (id: string, times: number) =>
    eventually(async () => (await stars.casesOf(id)).length === times, { withinMs: 30_000 });
  const isCharged = async ({ anna, priceNano }: Parked) =>
    assert.deepEqual(await stars.balance(anna), { available: given - priceNano, held: 0n });
  const isGivenBack = async ({ anna }: Parked) =>
    assert.deepEqual(await stars.balance(anna), { available: given, held: 0n });

  it('comes there when the chain has not decided in time: the case holds what is known, the buyer is told so', async () => {
    const { id, anna, priceNano } = await undecided();
    const [parked, ...others] = await stars.casesOf(id);
    assert.deepEqual([others.length, parked?.closedBy], [0, null]);
    assert.equal(parked?.evidence.reason, 'the chain has not decided about the payment');
    const [payment] = parked?.evidence.payments ?? [];
    assert.equal(payment?.['state'], 'signed');
    for (const known of ['ref', 'requestId', 'amountNano', 'wallet', 'message', 'seqno', 'messageHash', 'validUntil']) {
      assert.notEqual(payment?.[known], undefined, known);
    }
    assert.deepEqual(await stars.story.told(anna), ['star_purchase.needs_attention']);
    assert.equal((await stars.balance(anna)).held, priceNano);
  });

  it('ends by itself when the word of the chain comes later', async () => {
    const parked = await undecided();
    await stars.chain.control('/resume');
    await stars.until(parked.id, 'delivered', 60_000);
    await stars.closed(parked.id);
    await isCharged(parked);
    assert.deepEqual(
      [await stars.paymentsOf(parked.id), (await stars.casesOf(parked.id))[0]?.closedBy],
      [1, 'decided'],
    );
    assert.deepEqual(await stars.story.told(parked.anna), ['star_purchase.needs_attention', 'star_purchase.delivered']);
  });

  it('is neither given back nor paid again while the chain may still pay', async () => {
    const parked = await undecided();
    assert.equal(await stars.decide(parked.id, 'not_delivered', olga), 'not_possible');
    assert.equal(await stars.decide(parked.id, 'retry', olga), 'not_possible');
    await stars.chain.control('/resume');
    await stars.until(parked.id, 'delivered', 60_000);
    assert.equal(await stars.paymentsOf(parked.id), 1);
  });

  it('comes there when it is paid and not seen delivered, and ends by itself when it is seen', async () => {
    const parked = await paidAndUnseen();
    assert.equal((await stars.casesOf(parked.id))[0]?.evidence.reason, 'paid, and not seen delivered');
    await stars.shop.control(`/orders/${await stars.requestOf(parked.id)}/deliver`);
    await stars.until(parked.id, 'delivered', 60_000);
    await isCharged(parked);
  });

  it('is charged when an operator says that it was delivered', async () => {
    const parked = await paidAndUnseen();
    assert.equal(await stars.decide(parked.id, 'delivered', olga), 'applied');
    await stars.closed(parked.id);
    assert.equal((await stars.get(parked.id)).status, 'delivered');
    await isCharged(parked);
  });

  it('is given back when an operator says that it was not, and never paid again', async () => {
    const parked = await paidAndUnseen();
    assert.equal(await stars.decide(parked.id, 'not_delivered', olga), 'applied');
    await stars.closed(parked.id);
    const { status, failureCode } = await stars.get(parked.id);
    assert.deepEqual([status, failureCode], ['failed', 'not_delivered']);
    await isGivenBack(parked);
    assert.equal(await stars.paymentsOf(parked.id), 1);
    assert.equal(await stars.decide(parked.id, 'delivered', oleg), 'not_parked');
  });

  it('is looked at anew on demand, with a new case when that does not help, and what was paid is not paid again', async () => {
    const messages = await stars.messageCount();
    const parked = await paidAndUnseen();
    assert.equal(await stars.decide(parked.id, 'retry', olga), 'applied');
    await isParkedAgain(parked.id, 2);
    assert.deepEqual([await stars.paymentsOf(parked.id), await stars.messageCount()], [1, messages + 1]);
    assert.equal(await stars.decide(parked.id, 'delivered', olga), 'applied');
    await stars.until(parked.id, 'delivered');
    await isCharged(parked);
  });

  it('needs two operators above the limit: one person twice is one person', async () => {
    const parked = await paidAndUnseen({ needsTwo: true });
    assert.equal(await stars.decide(parked.id, 'delivered', olga), 'needs_second');
    assert.equal(await stars.decide(parked.id, 'delivered', olga), 'needs_second');
    assert.equal((await stars.get(parked.id)).status, 'needs_attention');
    assert.equal(await stars.decide(parked.id, 'delivered', oleg), 'applied');
    await stars.until(parked.id, 'delivered');
    await isCharged(parked);
  });

  it('can be decided however often its buyer asks to take it back: that asks nothing of its saga', async () => {
    const parked = await paidAndUnseen();
    const handle = stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(parked.id));
    const { historyLength } = await handle.describe();
    for (let times = 0; times < 3; times += 1) {
      const { outcome } = await stars.stack.gateway.cancelStarPurchase(parked.id, parked.anna.id);
      assert.equal(outcome, 'already_signed');
    }
    assert.equal((await handle.describe()).historyLength, historyLength);
    assert.equal(await stars.decide(parked.id, 'not_delivered', olga), 'applied');
    await stars.until(parked.id, 'failed');
  });

  it('takes a decision that is sent many times once: it says nothing about the next parking', async () => {
    const parked = await paidAndUnseen();
    const outcomes = await Promise.all([1, 2, 3].map(() => stars.decide(parked.id, 'retry', olga)));
    assert.ok(
      outcomes.every((outcome) => outcome === 'applied' || outcome === 'not_parked'),
      outcomes.join(),
    );
    await isParkedAgain(parked.id, 2);
    const { status } = await stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(parked.id)).query<{
      status: string;
    }>('state');
    assert.equal(status, 'needs_attention');
    assert.equal((await stars.casesOf(parked.id))[1]?.closedBy, null);
    assert.equal(await stars.decide(parked.id, 'not_delivered', oleg), 'applied');
    await stars.until(parked.id, 'failed');
    await isGivenBack(parked);
  });

  it('has a case about the wallet message that a person must judge, until the chain decides', async () => {
    const anna = await stars.buyer();
    // The first message of a wallet brings its code to the chain: only a wallet that is there can be frozen.
    await stars.until((await stars.buy(anna)).id, 'delivered', 60_000);
    await stars.chain.control('/pause');
    const { id } = await stars.buy(anna);
    await stars.until(id, 'signed');
    const { rows } = await stars.stack.owner.query<{ wallet: string }>(
      'SELECT wallet FROM app.star_payment WHERE purchase_id = $1',
      [id],
    );
    const address = rows[0]?.wallet;
    const cases = async () =>
      (
        await stars.stack.owner.query<{ evidence: Record<string, unknown>; closedBy: string | null }>(
          `SELECT evidence, closed_by AS "closedBy" FROM app.attention
           WHERE kind = 'wallet_message_undecided' AND workflow_id = $1`,
          [walletWorkflowId(address ?? '')],
        )
      ).rows;
    await stars.chain.control('/accounts', { address, state: 'frozen' });
    await eventually(async () => (await cases()).length === 1, { withinMs: 30_000 });
    const { evidence } = (await cases())[0] ?? assert.fail();
    assert.deepEqual([evidence['reason'], evidence['purchases'], evidence['wallet']], ['wallet_frozen', [id], address]);
    await stars.chain.control('/accounts', { address, state: 'active' });
    await stars.chain.control('/resume');
    await stars.until(id, 'delivered', 60_000);
    assert.deepEqual(
      (await cases()).map(({ closedBy }) => closedBy),
      ['decided'],
    );
  });

  it('asks again, with the reason, when a decision cannot be carried out: no decision blocks the next', async () => {
    const parked = await paidAndUnseen();
    const cause = JSON.stringify({ workflowId: 'test', step: 'mistake', actor: 'system' });
    const hold = `${starPurchaseWorkflowId(parked.id)}/reserve`;
    await stars.stack.owner.query(`SELECT ledger.release('test/mistake', $1, $2)`, [hold, cause]);
    assert.equal(await stars.decide(parked.id, 'delivered', olga), 'applied');
    await isParkedAgain(parked.id, 2);
    assert.equal(await stars.decide(parked.id, 'retry', olga), 'applied');
    await isParkedAgain(parked.id, 3);
    assert.deepEqual(
      (await stars.casesOf(parked.id)).map(({ evidence, closedBy }) => [evidence.reason, closedBy]),
      [
        ['paid, and not seen delivered', 'not_carried_out'],
        ['delivered could not be carried out: already_released', 'not_carried_out'],
        ['retry could not be carried out: funds_not_held', null],
      ],
    );
    assert.equal(await stars.decide(parked.id, 'not_delivered', olga), 'applied');
    await stars.until(parked.id, 'failed');
    await stars.closed(parked.id);
    await isGivenBack(parked);
  });
});
