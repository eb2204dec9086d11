import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { eventually } from '../support/eventually.ts';
import { blocksOfALife, type StarStack, startStarStack } from '../support/star-stack.ts';

describe('a purchase of Stars', function () {
  this.timeout(120_000);
  let stars: StarStack;
  before(async () => {
    stars = await startStarStack();
  });
  afterEach(async () => {
    stars.stack.traps.clear();
    await stars.shop.options({ starPriceNano: 3_694_000 });
    await stars.story.assertMoney();
    await stars.assertChain();
  });
  after(() => stars?.stop());

  it('is held, paid on the chain once, and charged when it is delivered', async () => {
    const anna = await stars.buyer();
    const { id, priceNano } = await stars.buy(anna);
    assert.equal((await stars.balance(anna)).held, priceNano);
    await stars.until(id, 'delivered');
    await stars.closed(id);
    assert.deepEqual(await stars.balance(anna), { available: 10_000_000_000n - priceNano, held: 0n });
    assert.equal(await stars.paymentsOf(id), 1);
  });

  it('can be paid for with TON that were topped up by card', async () => {
    const vera = await stars.buyer(0n);
    const { status, body } = await stars.story.placeTopup(vera, { packId: 'ton-5' });
    assert.equal(status, 202, JSON.stringify(body));
    const topupId = body.topup.id as string;
    await eventually(async () => (await stars.story.topup(topupId)).paymentId !== null, { withinMs: 30_000 });
    const { paymentId } = await stars.story.topup(topupId);
    await stars.stack.shop.control(`/payments/${paymentId}/succeed`, {});
    await stars.story.until(topupId, 'credited', 30_000);
    const { id, priceNano } = await stars.buy(vera);
    await stars.until(id, 'delivered');
    assert.deepEqual(await stars.balance(vera), { available: 5_000_000_000n - priceNano, held: 0n });
  });

  it('S16: is refused without enough money: its saga ends, and nothing is held or paid', async () => {
    const [boris, key] = [await stars.buyer(1n), randomUUID()];
    const quote = await stars.quote(boris, { quantity: 1_000 });
    const { status, body } = await stars.place(boris, quote.id, key);
    assert.deepEqual([status, body.code], [402, 'insufficient_funds']);
    await stars.closed(key);
    assert.equal((await stars.get(key)).status, 'refused');
    assert.equal((await stars.balance(boris)).held, 0n);
  });

  it('S9: is one purchase, however often it is asked for under one key', async () => {
    const vera = await stars.buyer();
    const [quote, key] = [await stars.quote(vera), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => stars.place(vera, quote.id, key)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    await stars.until(key, 'delivered');
    assert.equal(await stars.paymentsOf(key), 1);
  });

  it('is bought by its quote once: another key is a conflict', async () => {
    const vera = await stars.buyer();
    const quote = await stars.quote(vera);
    const first = await stars.place(vera, quote.id);
    assert.equal((await stars.place(vera, quote.id)).status, 409);
    await stars.until(first.body.purchase.id as string, 'delivered');
  });

  it('S6: is paid once when the answer of the chain is lost', async () => {
    const anna = await stars.buyer();
    await stars.chain.options({ failAfterAccept: 1 });
    const { id } = await stars.buy(anna);
    await stars.until(id, 'delivered');
    assert.equal(await stars.paymentsOf(id), 1);
  });

  it('is paid by the same bytes when the chain loses the message', async () => {
    const anna = await stars.buyer();
    await stars.chain.options({ loseNext: 1 });
    const messages = await stars.messageCount();
    const { id } = await stars.buy(anna);
    await stars.until(id, 'delivered', 60_000);
    assert.deepEqual([await stars.paymentsOf(id), await stars.messageCount()], [1, messages + 1]);
  });

  it('is signed anew only when the chain says that the first message is dead', async () => {
    const anna = await stars.buyer();
    const messages = await stars.messageCount();
    await stars.chain.options({ loseNext: 1_000 });
    const { id } = await stars.buy(anna);
    await stars.until(id, 'signed');
    await stars.chain.advance(blocksOfALife);
    await stars.chain.options({ loseNext: 0 });
    await stars.until(id, 'delivered', 60_000);
    assert.deepEqual([await stars.paymentsOf(id), await stars.messageCount()], [1, messages + 2]);
  });

  it('S17: can be taken back until it is signed, and the signing finds it gone', async () => {
    const boris = await stars.buyer();
    const gate = stars.stack.traps.stopAt('wallet.before-sign');
    const { id } = await stars.buy(boris);
    await gate.reached;
    assert.equal((await stars.story.act(boris, `/star-purchases/${id}/cancel`)).status, 200);
    gate.open();
    await stars.closed(id);
    assert.equal((await stars.get(id)).status, 'canceled');
    assert.deepEqual(await stars.balance(boris), { available: 10_000_000_000n, held: 0n });
    assert.equal(await stars.paymentsOf(id), 0);
  });

  it('S17: an operator who cancels the workflow gives the funds back, and an undo is not canceled with it', async () => {
    const boris = await stars.buyer();
    const signing = stars.stack.traps.stopAt('wallet.before-sign');
    const { id } = await stars.buy(boris);
    await signing.reached;
    stars.stack.traps.throwAt('star-purchase.before-cancel', 3);
    await stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(id)).cancel();
    await stars.until(id, 'canceled');
    signing.open();
    await stars.closed(id);
    assert.deepEqual(await stars.balance(boris), { available: 10_000_000_000n, held: 0n });
    assert.equal(await stars.paymentsOf(id), 0);
  });

  it('S17: a workflow that is canceled after the signing goes on to what was paid for', async () => {
    const boris = await stars.buyer();
    const sending = stars.stack.traps.stopAt('wallet.before-send');
    const { id, priceNano } = await stars.buy(boris);
    await sending.reached;
    await stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(id)).cancel();
    sending.open();
    await stars.until(id, 'delivered');
    assert.deepEqual(await stars.balance(boris), { available: 10_000_000_000n - priceNano, held: 0n });
    assert.equal(await stars.paymentsOf(id), 1);
  });

  it('S28: begins anew when its workflow was ended by force, and is paid once', async () => {
    const vera = await stars.buyer();
    for (const place of ['star-purchase.after-store', 'wallet.before-sign']) stars.stack.traps.throwAt(place, 1_000);
    const { id, priceNano } = await stars.buy(vera);
    await eventually(() => stars.stack.traps.visits('star-purchase.after-store') > 0);
    await stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(id)).terminate('by hand');
    const canceling = await stars.story.act(vera, `/star-purchases/${id}/cancel`);
    assert.deepEqual([canceling.status, canceling.body.code], [503, 'temporarily_unavailable']);
    stars.stack.traps.clear();
    await stars.stack.gateway.startLostStarPurchases(0);
    await stars.until(id, 'delivered', 60_000);
    await stars.closed(id);
    assert.deepEqual(await stars.balance(vera), { available: 10_000_000_000n - priceNano, held: 0n });
    assert.equal(await stars.paymentsOf(id), 1);
  });

  it('waits for a wallet that is filled up, and holds up nobody behind it meanwhile', async () => {
    const [anna, boris] = [await stars.buyer(1_000n), await stars.buyer()];
    const dear = await stars.buy(anna, { quantity: 200_000 });
    await eventually(async () => (await stars.story.count("app.attention WHERE kind = 'wallet_short'")) === 1);
    const { id } = await stars.buy(boris);
    await stars.until(id, 'delivered');
    assert.equal((await stars.get(dear.id)).status, 'reserved');
    await stars.story.act(anna, `/star-purchases/${dear.id}/cancel`);
    await stars.until(dear.id, 'canceled');
    assert.deepEqual(await stars.balance(anna), { available: 1_000_000_000_000n, held: 0n });
  });

  it('S17: cannot be taken back once it is delivered', async () => {
    const boris = await stars.buyer();
    const { id, priceNano } = await stars.buy(boris);
    await stars.until(id, 'delivered');
    await stars.closed(id);
    assert.notEqual((await stars.story.act(boris, `/star-purchases/${id}/cancel`)).status, 200);
    assert.deepEqual(await stars.balance(boris), { available: 10_000_000_000n - priceNano, held: 0n });
  });

  it('S18: stays visibly under way while the money cannot go back, and gives it back at last', async () => {
    const vera = await stars.buyer();
    const quote = await stars.quote(vera);
    await stars.shop.options({ starPriceNano: 7_000_000 });
    stars.stack.traps.throwAt('star-purchase.before-release', 6);
    const { body } = await stars.place(vera, quote.id);
    const id = body.purchase.id as string;
    await eventually(() => stars.stack.traps.visits('star-purchase.before-release') >= 3, { withinMs: 30_000 });
    assert.deepEqual([(await stars.get(id)).status, (await stars.balance(vera)).held], ['reserved', quote.priceNano]);
    await stars.until(id, 'failed', 60_000);
    assert.deepEqual(await stars.balance(vera), { available: 10_000_000_000n, held: 0n });
  });

  it('S21: waits as long as provider and chain ask, and burns no attempt on it', async () => {
    const vera = await stars.buyer();
    const quote = await stars.quote(vera);
    const fault = { kind: 'status', status: 429, body: {}, headers: { 'retry-after': '1' } } as const;
    await stars.shop.faults({ method: 'POST', path: '/api', times: 4, fault });
    const rules = [{ on: 'request', method: 'POST', path: '/api/v2/jsonRPC', times: 4, fault }];
    await stars.chain.control('/faults', { rules });
    const { body } = await stars.place(vera, quote.id);
    const id = body.purchase.id as string;
    await stars.until(id, 'delivered', 60_000);
    assert.equal(await stars.story.count('app.star_payment WHERE purchase_id = $1', [id]), 1);
    assert.equal(await stars.paymentsOf(id), 1);
  });

  it('is not paid when the price has moved beyond the quote; the money comes back', async () => {
    const vera = await stars.buyer();
    const quote = await stars.quote(vera);
    await stars.shop.options({ starPriceNano: 7_000_000 });
    const { body } = await stars.place(vera, quote.id);
    const id = body.purchase.id as string;
    await stars.until(id, 'failed');
    assert.equal((await stars.get(id)).failureCode, 'price_moved');
    assert.deepEqual(await stars.balance(vera), { available: 10_000_000_000n, held: 0n });
  });

  for (const place of [
    'star-purchase.after-reserve',
    'star-purchase.after-prepare',
    'star-purchase.after-store',
    'wallet.before-sign',
    'wallet.after-sign',
    'wallet.before-send',
    'wallet.after-send',
    'wallet.before-decide',
    'wallet.after-decide',
    'star-purchase.after-confirm',
    'star-purchase.after-claim',
    'star-purchase.before-capture',
    'star-purchase.after-capture',
  ]) {
    it(`is paid and charged once although the step fails at ${place}`, async () => {
      const anna = await stars.buyer();
      stars.stack.traps.throwAt(place);
      const { id, priceNano } = await stars.buy(anna);
      await stars.until(id, 'delivered', 60_000);
      assert.deepEqual(await stars.balance(anna), { available: 10_000_000_000n - priceNano, held: 0n });
      assert.equal(await stars.paymentsOf(id), 1);
      assert.ok(stars.stack.traps.visits(place) > 1, 'nobody came to the place again');
    });
  }
});

/** On a chain of its own: its time runs ahead of Fragment's, whose requests are then over before they can be paid. */
describe('a purchase of Stars whose every message the chain loses', function () {
  this.timeout(120_000);
  let stars: StarStack;
  before(async () => {
    stars = await startStarStack();
  });
  after(() => stars?.stop());

  it('S7: is not paid after its money went back: the chain takes none of its dead messages', async () => {
    const boris = await stars.buyer();
    await stars.chain.options({ loseNext: 1_000 });
    const { id } = await stars.buy(boris);
    await stars.outliveMessages(id, 'failed');
    await stars.chain.options({ loseNext: 0 });
    assert.equal((await stars.get(id)).failureCode, 'not_paid');
    const { rows } = await stars.stack.owner.query<{ boc: Buffer }>(
      'SELECT boc FROM app.wallet_message m JOIN app.star_payment p ON p.message_id = m.id WHERE p.purchase_id = $1',
      [id],
    );
    assert.ok(rows.length > 0, 'nothing was signed');
    for (const { boc } of rows) await stars.chain.call('sendBocReturnHash', { boc: boc.toString('base64') });
    await stars.chain.advance(20);
    assert.deepEqual(await stars.balance(boris), { available: 10_000_000_000n, held: 0n });
    assert.equal(await stars.paymentsOf(id), 0);
  });
});
