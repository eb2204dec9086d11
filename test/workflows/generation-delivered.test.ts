import assert from 'node:assert/strict';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a generation that is delivered', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  it('holds the price first, and takes it when the picture is in our store', async () => {
    const vera = await story.person({ credits: 10 });
    const placed = await story.placeGeneration(vera, { prompt: 'A red fox [slow:1s]' });
    assert.equal(placed.status, 202);
    assert.deepEqual(await story.balance(vera), { available: 6n, held: 4n });
    const { id } = placed.body.generation;
    await story.until(id, 'succeeded');
    assert.deepEqual(await story.balance(vera), { available: 6n, held: 0n });
    const results = await stack.generations.results(id);
    assert.deepEqual(
      results.map(({ late, mime }) => ({ late, mime })),
      [{ late: false, mime: 'image/png' }],
    );
    assert.deepEqual(await story.told(vera), ['generation.succeeded']);
  });

  it('charges several pictures together', async () => {
    const vera = await story.person({ credits: 20 });
    const id = await story.order(vera, { prompt: 'Three foxes', pictures: 3 });
    await story.until(id, 'succeeded');
    assert.equal((await story.balance(vera)).available, 5n);
    assert.equal((await stack.generations.results(id)).length, 3);
  });

  it('charges only the pictures that came, when fewer were delivered than ordered', async () => {
    const vera = await story.person({ credits: 20 });
    const id = await story.order(vera, { prompt: 'Four foxes, two come [count:2]', pictures: 4 });
    await story.until(id, 'succeeded');
    assert.deepEqual(await story.balance(vera), { available: 10n, held: 0n });
    assert.equal((await story.generation(id)).capturedMinor, 10n);
    assert.equal((await stack.generations.results(id)).length, 2);
  });

  it('keeps and charges no more pictures than were ordered', async () => {
    const vera = await story.person({ credits: 20 });
    const id = await story.order(vera, { prompt: 'Two foxes, five come [count:5]', pictures: 2 });
    await story.until(id, 'succeeded');
    assert.equal((await story.balance(vera)).available, 10n);
    assert.equal((await stack.generations.results(id)).length, 2);
  });

  it('is delivered by polling when the provider never calls back', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A shy fox [silent]' });
    await story.until(id, 'succeeded');
    assert.equal(
      await story.count(
        `app.inbox WHERE source = 'kie' AND fact ->> 'attemptId' =
          (SELECT id::text FROM app.generation_attempt WHERE generation_id = $1)`,
        [id],
      ),
      0,
    );
  });

  it('tells the person once, however often the provider calls back', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A loud fox [twice]' });
    await story.until(id, 'succeeded');
    await story.closed(`generation/${id}`);
    assert.deepEqual(await story.told(vera), ['generation.succeeded']);
    assert.equal((await story.balance(vera)).available, 0n);
  });

  it('shows the operator what it is about, without a word of the prompt', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A secret fox' });
    await story.closed(`generation/${id}`);
    const handle = stack.client.workflow.getHandle(`generation/${id}`);
    const { searchAttributes } = await handle.describe();
    assert.deepEqual(
      { ...searchAttributes, BuildIds: undefined },
      {
        BuildIds: undefined,
        OrderId: [id],
        UserId: [vera.id],
        Provider: ['kie'],
        SagaState: ['succeeded'],
        AmountMinor: ['4'],
        Asset: ['CREDIT'],
      },
    );
    const history = Buffer.from(JSON.stringify(await handle.fetchHistory()));
    const payloads = [...history.toString().matchAll(/"data":"([^"]+)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    );
    assert.ok(payloads.length > 3);
    assert.ok(!payloads.some((payload) => payload.includes('secret')));
  });
});
