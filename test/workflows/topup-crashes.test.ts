import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a step of a top-up that dies and is tried again', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(async () => {
    stack.traps.clear();
    await story.assertMoney();
  });

  const points = [
    ['W17', 'topup.before-create'],
    ['W17', 'topup.after-create'],
    ['W17', 'topup.before-adopt'],
    ['W17', 'topup.after-adopt'],
    ['S2', 'topup.before-read'],
    ['S3', 'topup.before-credit'],
    ['W7', 'topup.after-credit'],
    ['W7', 'inbox.before-signal'],
    ['W7', 'inbox.after-signal'],
  ] as const;
  for (const [scenario, point] of points) {
    it(`${scenario}: dying at ${point} leaves one payment and one credit`, async () => {
      const vera = await story.person();
      stack.traps.throwAt(point, 2);
      const { id, paymentId } = await story.buy(vera);
      await stack.shop.control(`/payments/${paymentId}/succeed`, { times: 2 });
      await story.until(id, 'credited', 20_000);
      await story.closed(`topup/${id}`);
      const { payments } = await stack.shop.state();
      assert.equal(payments.filter(({ metadata }) => metadata['topupId'] === id).length, 1);
      assert.deepEqual(await story.balance(vera), { available: 100n, held: 0n });
      assert.deepEqual(await story.told(vera), ['topup.credited']);
    }).timeout(40_000);
  }

  for (const point of ['topup.before-close', 'topup.after-close']) {
    it(`S4: dying at ${point} ends the waiting once`, async () => {
      const vera = await story.person();
      const { id, paymentId } = await story.buy(vera);
      stack.traps.throwAt(point, 2);
      await stack.shop.control(`/payments/${paymentId}/cancel`);
      await story.until(id, 'canceled');
      await story.closed(`topup/${id}`);
      assert.deepEqual(await story.told(vera), ['topup.canceled']);
    });
  }

  it('a mismatch is flagged once, though the step that flags it dies', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    stack.traps.throwAt('topup.after-flag', 2);
    await stack.shop.control(`/payments/${paymentId}/succeed`, { amount: '1.00' });
    await story.closed(`topup/${id}`);
    await eventually(async () => (await story.cases(vera)).length === 1);
    assert.deepEqual(await story.told(vera), ['topup.needs_attention']);
  });
});
