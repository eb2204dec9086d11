import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a payment that is not what was ordered', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    // A live key: here a test payment is no money.
    stack = await startStack({ shop: { secretKey: 'live_key_of_the_shop', testPayments: false } });
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  const mismatches = [
    ['wrong amount', { amount: '50.00' }, 'amount_mismatch'],
    ['wrong currency', { amount: { value: '500.00', currency: 'USD' } }, 'amount_mismatch'],
    ['wrong shop', { shopId: '999999' }, 'wrong_shop'],
    ['test payment in live mode', { test: true }, 'test_payment_in_live_mode'],
  ] as const;
  for (const [what, payment, failure] of mismatches) {
    it(`W8: ${what}: nothing is credited, the order is flagged, a person is told, and the answer is 200`, async () => {
      const vera = await story.person();
      const { id, paymentId } = await story.buy(vera);
      await stack.shop.control(`/payments/${paymentId}/succeed`, payment);
      await story.until(id, 'needs_attention');
      assert.equal((await story.topup(id)).failureCode, failure);
      assert.deepEqual(await story.cases(vera), [failure]);
      await story.closed(`topup/${id}`);
      assert.equal(await story.notify(paymentId), 200);
      const settled = stack.client.workflow.getHandle(`settle/yookassa/${paymentId}`);
      await eventually(async () => (await settled.describe().catch(() => undefined))?.status.name === 'COMPLETED');
      assert.deepEqual(await story.cases(vera), [failure]);
      assert.deepEqual(await story.balance(vera), { available: 0n, held: 0n });
      assert.deepEqual(await story.told(vera), ['topup.needs_attention']);
      const canceled = await story.act(vera, `/topups/${id}/cancel`);
      assert.deepEqual([canceled.status, canceled.body.code], [409, 'needs_attention']);
      assert.equal((await story.topup(id)).status, 'needs_attention');
    });
  }

  it('W8: a payment of ours that names another order in its reference is credited to nobody', async () => {
    const [vera, mark] = [await story.person(), await story.person()];
    const [hers, his] = [await story.buy(vera), await story.buy(mark)];
    // Our row of her order comes to hold the id of his payment, by whatever mistake.
    await stack.owner.query('UPDATE app.topup SET payment_id = NULL WHERE id = $1', [his.id]);
    await stack.owner.query('UPDATE app.topup SET payment_id = $1 WHERE id = $2', [his.paymentId, hers.id]);
    await stack.shop.control(`/payments/${his.paymentId}/succeed`);
    await story.until(hers.id, 'needs_attention');
    assert.equal((await story.topup(hers.id)).failureCode, 'wrong_reference');
    assert.equal((await story.balance(vera)).available, 0n);
  });
});
