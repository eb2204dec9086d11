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
});
