import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { eventually } from '../support/eventually.ts';
import { type StarStack, startStarStack } from '../support/star-stack.ts';

const given = 10_000_000_000n;

describe('two purchases of the same Stars for the same person', function () {
  this.timeout(420_000);
  let stars: StarStack;
  /** Of this try alone: what another try has left behind is for somebody else. */
  let recipient: string;
  before(async () => {
    stars = await startStarStack({ hasty: true, replayAlways: false });
  });
  beforeEach(async () => {
    recipient = `bob_${randomUUID().slice(0, 8)}`;
    await stars.shop.options({ delivery: 'auto' });
    await stars.chain.options({ loseNext: 0 });
  });
  afterEach(() => stars.story.assertMoney());
  after(() => stars?.stop());

  /** How often a parked purchase has been looked for in the history. */
  async function looksFor(id: string): Promise<number> {
    const { events } = await stars.stack.client.workflow.getHandle(starPurchaseWorkflowId(id)).fetchHistory();
    return (events ?? []).filter(
      ({ activityTaskScheduledEventAttributes: step }) => step?.activityType?.name === 'findStarDelivery',
    ).length;
  }

  async function afterLooks(id: string, count: number): Promise<void> {
    const before = await looksFor(id);
    await eventually(async () => (await looksFor(id)) >= before + count, { withinMs: 60_000, everyMs: 500 });
  }

  it('are one charge when both are paid and one is delivered', async () => {
    const [anna, boris] = [await stars.buyer(), await stars.buyer()];
    await stars.shop.options({ delivery: 'hold' });
    const orders = [await stars.buy(anna, { recipient }), await stars.buy(boris, { recipient })] as const;
    for (const { id } of orders) await stars.until(id, 'needs_attention', 60_000);
    await stars.shop.control(`/orders/${await stars.requestOf(orders[0].id)}/deliver`);
    const statuses = () => Promise.all(orders.map(async ({ id }) => (await stars.get(id)).status));
    await eventually(async () => (await statuses()).includes('delivered'), { withinMs: 60_000 });
    const open = orders[(await statuses()).indexOf('needs_attention')] ?? assert.fail('both were charged');
    await afterLooks(open.id, 2);
    assert.deepEqual((await statuses()).toSorted(), ['delivered', 'needs_attention']);
    const held = (await stars.balance(anna)).held + (await stars.balance(boris)).held;
    assert.equal(held, open.priceNano);
  });

  it('never charge the one that is not paid, although the history has a line to spare', async () => {
    const [anna, boris] = [await stars.buyer(), await stars.buyer()];
    const paid = await stars.buy(anna, { recipient });
    await stars.until(paid.id, 'delivered', 60_000);
    await stars.chain.options({ loseNext: 1_000 });
    const { id } = await stars.buy(boris, { recipient });
    await stars.until(id, 'needs_attention', 60_000);
    await stars.shop.control(`/orders/${await stars.requestOf(paid.id)}/pay`);
    await afterLooks(id, 2);
    assert.equal((await stars.get(id)).status, 'needs_attention');
    const seen = await stars.outliveMessages(id, 'failed');
    assert.ok(!seen.has('delivered'));
    assert.deepEqual(await stars.balance(boris), { available: given, held: 0n });
    assert.equal(await stars.story.count("app.star_payment WHERE purchase_id = $1 AND state = 'paid'", [id]), 0);
  });
});
