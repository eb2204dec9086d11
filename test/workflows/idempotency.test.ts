import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('impatient fingers', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  it('S9: fifty orders at once under one key are one saga, one hold and fifty equal answers', async () => {
    const vera = await story.person({ credits: 100 });
    const key = randomUUID();
    const wish = { prompt: 'Fifty times the same', key };
    const answers = await Promise.all(Array.from({ length: 50 }, () => story.placeGeneration(vera, wish)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    assert.deepEqual([...new Set(answers.map(({ body }) => body.generation.id))], [key]);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') !== 'true').length, 1);
    await story.until(key, 'succeeded');
    assert.equal((await story.tasks('Fifty times')).length, 1);
    assert.deepEqual(await story.balance(vera), { available: 96n, held: 0n });
  });

  it('S10: the same key with another body is refused, and nothing of it is done', async () => {
    const vera = await story.person({ credits: 100 });
    const key = await story.order(vera, { prompt: 'The first body', key: randomUUID() });
    const other = await story.placeGeneration(vera, { prompt: 'The other body', key });
    assert.deepEqual([other.status, other.body.code], [409, 'key_conflict']);
    await story.until(key, 'succeeded');
    assert.deepEqual(await story.tasks('The other body'), []);
    assert.equal((await story.balance(vera)).available, 96n);
  });

  it('S11: the same key of another person shows nothing of the first one’s order', async () => {
    const [vera, mark] = [await story.person({ credits: 4 }), await story.person({ credits: 4 })];
    const key = await story.order(vera, { prompt: 'Hers', key: randomUUID() });
    const his = await story.placeGeneration(mark, { prompt: 'Hers', key });
    assert.deepEqual([his.status, his.body.code], [409, 'key_conflict']);
    assert.ok(!JSON.stringify(his.body).includes(vera.id));
    await story.until(key, 'succeeded');
    assert.deepEqual(await story.balance(mark), { available: 4n, held: 0n });
  });

  it('S12: a key that comes again when Temporal has forgotten its saga is answered from the order', async () => {
    const vera = await story.person({ credits: 8 });
    const key = await story.order(vera, { prompt: 'Long ago', key: randomUUID() });
    await story.until(key, 'succeeded');
    await story.closed(`generation/${key}`);
    await stack.client.connection.workflowService.deleteWorkflowExecution({
      namespace: stack.temporal.namespace,
      workflowExecution: { workflowId: `generation/${key}` },
    });
    const again = await story.placeGeneration(vera, { prompt: 'Long ago', key });
    assert.deepEqual([again.status, again.body.generation.status], [202, 'succeeded']);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal((await story.tasks('Long ago')).length, 1);
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
  });

  it('S13: a client that hangs up and asks again gets the same saga and the same answer', async () => {
    const vera = await story.person({ credits: 8 });
    const key = randomUUID();
    const reserving = stack.traps.stopAt('generation.after-reserve');
    const hangUp = new AbortController();
    const first = fetch(`${stack.api.url}/api/v1/generations`, {
      method: 'POST',
      signal: hangUp.signal,
      headers: { authorization: `Bearer ${vera.token}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ modelId: 'nano-banana', prompt: 'Hung up' }),
    });
    await reserving.reached;
    hangUp.abort();
    await assert.rejects(first);
    const again = story.placeGeneration(vera, { prompt: 'Hung up', key });
    reserving.open();
    assert.equal((await again).status, 202);
    assert.equal((await again).headers.get('idempotency-replayed'), 'true');
    await story.until(key, 'succeeded');
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
  });

  it('S9: one top-up asked for twenty times at once is one payment', async () => {
    const vera = await story.person();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => story.placeTopup(vera, { key })));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    await story.until(key, 'awaiting_payment');
    const { payments } = await stack.shop.state();
    assert.equal(payments.filter(({ metadata }) => metadata['topupId'] === key).length, 1);
  });
});
