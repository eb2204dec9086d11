import assert from 'node:assert/strict';
import { generation, topup } from '../../core/http/shop.ts';
import { openLive } from '../support/live.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a purchase that a screen watches', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack({ replayAlways: false });
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  it('is seen step by step, with the balance that holds after each', async () => {
    const vera = await story.person();
    const client = await openLive(stack.api.url, vera.token);
    await client.received(({ type }) => type === 'snapshot');

    const bought = await story.buy(vera);
    await client.received(({ type }) => type === 'topup.awaiting_payment');
    const second = await openLive(stack.api.url, vera.token);
    const { data } = await second.received(({ type }) => type === 'snapshot');
    const [open] = topup.array().parse(data['topups']);
    assert.deepEqual([open?.id, open?.status], [bought.id, 'awaiting_payment']);
    await second.close();

    await stack.shop.control(`/payments/${bought.paymentId}/succeed`);
    const credited = await client.received(({ type }) => type === 'topup.credited');
    assert.deepEqual(credited.data['balances'], [{ asset: 'CREDIT', availableMinor: '100', heldMinor: '0' }]);

    const id = await story.order(vera, { prompt: 'A red fox [slow:3s]' });
    await client.received(({ type }) => type === 'generation.running');
    const third = await openLive(stack.api.url, vera.token);
    const snapshot = await third.received(({ type }) => type === 'snapshot');
    assert.deepEqual(snapshot.data['balances'], [{ asset: 'CREDIT', availableMinor: '96', heldMinor: '4' }]);
    assert.deepEqual(
      generation
        .array()
        .parse(snapshot.data['generations'])
        .map((order) => [order.id, order.status]),
      [[id, 'running']],
    );
    await third.close();

    const succeeded = await client.received(({ type }) => type === 'generation.succeeded');
    assert.deepEqual(succeeded.data['balances'], [{ asset: 'CREDIT', availableMinor: '96', heldMinor: '0' }]);
    const steps = client.events().filter(({ type }) => type !== 'generation.progress');
    assert.deepEqual(
      steps.map(({ type }) => type),
      [
        'topup.awaiting_payment',
        'topup.credited',
        'generation.reserved',
        'generation.submitted',
        'generation.running',
        'generation.succeeded',
      ],
    );
    const seqs = client.messages.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from(seqs, (_, index) => index),
    );
    await client.close();
  });

  it('is seen to be refused where the funds do not suffice', async () => {
    const vera = await story.person({ credits: 3 });
    const client = await openLive(stack.api.url, vera.token);
    await client.received(({ type }) => type === 'snapshot');
    assert.equal((await story.placeGeneration(vera, { prompt: 'A fox' })).status, 402);
    const refused = await client.received(({ type }) => type === 'generation.refused');
    assert.equal(refused.data['status'], 'refused');
    await client.close();
  });
});
