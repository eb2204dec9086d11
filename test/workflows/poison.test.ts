import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { flowsQueue } from '../../core/queues.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('what cannot be mended, and what stands beside it', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack({ replayAlways: false });
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(async () => {
    stack.traps.clear();
    await story.assertMoney();
  });

  const start = (workflowId: string, input: unknown) =>
    stack.client.workflow.start('generation', { taskQueue: flowsQueue, workflowId, args: [input] });
  const asset = 'CREDIT';
  const inputOf = (generationId: string, amountMinor: unknown = '4') => ({
    generationId,
    userId: randomUUID(),
    provider: 'kie',
    modelId: 'nano-banana',
    catalogueVersion: 'none',
    price: { amountMinor, asset },
    unitPrice: { amountMinor, asset },
    pictures: 1,
  });

  const poisons = [
    ['an order that no row knows', () => inputOf(randomUUID())],
    ['an id that is none', () => inputOf('not-an-id')],
  ] as const;
  for (const [what, make] of poisons) {
    it(`S22: a saga over ${what} fails visibly at once, and its neighbour is served`, async () => {
      const handle = await start(`generation/${randomUUID()}`, make());
      const vera = await story.person({ credits: 4 });
      const id = await story.order(vera, { prompt: 'The neighbour' });
      await story.until(id, 'succeeded');
      await eventually(async () => (await handle.describe()).status.name === 'FAILED', { withinMs: 10_000 });
      await assert.rejects(handle.result());
    });
  }

  it('S22: an input that the code cannot work on stands still in sight of the operator, and holds up nobody', async () => {
    const handle = await start(`generation/${randomUUID()}`, {});
    const vera = await story.person({ credits: 4 });
    await story.until(await story.order(vera, { prompt: 'Held up by nobody' }), 'succeeded');
    await eventually(async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);
    });
    await handle.terminate('poison');
  });

  it('S22: a payload that would not come back as it went is refused before it leaves', async () => {
    for (const input of [
      4n,
      new Date(),
      new Map(),
      Number.NaN,
      { price: Number.POSITIVE_INFINITY },
      { lost: undefined },
    ]) {
      await assert.rejects(start(`generation/${randomUUID()}`, input), /does not survive JSON/);
    }
  });

  it('S22: the database refuses a negative price, however it came there', async () => {
    const vera = await story.person({ credits: 8 });
    const id = await story.order(vera, { prompt: 'Cheaper than nothing [stuck]' });
    await assert.rejects(stack.owner.query('UPDATE app.generation SET price_minor = -4 WHERE id = $1', [id]), {
      code: '23514',
    });
    const [task] = await story.tasks('Cheaper');
    await story.until(id, 'running');
    await stack.studio.control(`/tasks/${task?.taskId ?? (await story.tasks('Cheaper'))[0]?.taskId}/succeed`);
    await story.until(id, 'succeeded');
  });

  it('S20: an order whose provider we no longer have is not tried for ever, and its funds return', async () => {
    const vera = await story.person({ credits: 4 });
    const reserving = stack.traps.stopAt('generation.after-reserve');
    const placing = story.placeGeneration(vera, { prompt: 'Sold out', key: randomUUID() });
    await reserving.reached;
    await stack.owner.query("UPDATE app.generation SET provider = 'sold-out' WHERE user_id = $1", [vera.id]);
    reserving.open();
    const { id } = (await placing).body.generation;
    await story.until(id, 'failed', 15_000);
    assert.equal((await story.generation(id)).failureCode, 'provider_unavailable');
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
  });

  it('S26: sagas that share a context of the sandbox keep their undos apart', async () => {
    const [vera, mark] = [await story.person({ credits: 40 }), await story.person({ credits: 40 })];
    const orders = await Promise.all(
      Array.from({ length: 10 }, async (_, number) => [
        await story.order(vera, { prompt: `Hers ${number}` }),
        await story.order(mark, { prompt: `His ${number} [fail:500]` }),
      ]),
    );
    for (const [hers = '', his = ''] of orders) {
      await story.until(hers, 'succeeded');
      await story.until(his, 'failed');
    }
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 0n });
    assert.deepEqual(await story.balance(mark), { available: 40n, held: 0n });
  });

  it('S29: settling the same payment over and over within a second is never an error', async () => {
    const vera = await story.person();
    const { id, paymentId } = await story.buy(vera);
    await stack.shop.control(`/payments/${paymentId}/succeed`);
    await story.closed(`topup/${id}`);
    for (let turn = 0; turn < 15; turn += 1) {
      await stack.owner.query(
        "UPDATE app.inbox SET state = 'pending', next_attempt_at = now() WHERE fact ->> 'paymentId' = $1",
        [paymentId],
      );
      assert.equal(await story.notify(paymentId), 200);
    }
    const isDone = async () =>
      (await story.count("app.inbox WHERE fact ->> 'paymentId' = $1 AND state = 'done' AND attempts = 0", [
        paymentId,
      ])) === 1;
    await eventually(isDone, { withinMs: 15_000 });
    assert.equal((await story.balance(vera)).available, 100n);
    assert.deepEqual(await story.told(vera), ['topup.credited']);
  });
});
