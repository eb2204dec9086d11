import assert from 'node:assert/strict';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a step that dies and is tried again', () => {
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

  const delivered = [
    ['S1', 'generation.before-reserve'],
    ['S1', 'generation.after-reserve'],
    ['S2', 'generation.before-sending'],
    ['S2', 'generation.after-submit'],
    ['S2', 'generation.after-record'],
    ['S2', 'generation.after-store'],
    ['S3', 'generation.before-capture'],
    ['S3', 'generation.after-capture'],
  ] as const;
  for (const [scenario, point] of delivered) {
    it(`${scenario}: dying at ${point} leaves one hold, one request and one charge`, async () => {
      const vera = await story.person({ credits: 8 });
      stack.traps.throwAt(point, 2);
      const id = await story.order(vera, { prompt: `Dies at ${point};` });
      await story.until(id, 'succeeded', 25_000);
      assert.equal((await story.tasks(`Dies at ${point};`)).length, 1);
      assert.equal(await story.count("ledger.hold WHERE cause ->> 'workflowId' = $1", [`generation/${id}`]), 1);
      assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
      assert.ok(stack.traps.visits(point) >= 3);
    }).timeout(40_000);
  }

  for (const point of ['generation.before-release', 'generation.after-release']) {
    it(`S4: dying at ${point}, in the middle of the undo, gives the funds back once`, async () => {
      const vera = await story.person({ credits: 4 });
      stack.traps.throwAt(point, 3);
      const id = await story.order(vera, { prompt: 'Undone [refuse:422]' });
      await story.until(id, 'failed');
      await story.closed(`generation/${id}`);
      assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
      assert.deepEqual(await story.told(vera), ['generation.failed']);
    });
  }

  it('S18: an undo that fails for long is tried without end, and the order stays visibly under way', async () => {
    const vera = await story.person({ credits: 4 });
    stack.traps.throwAt('generation.before-release', 6);
    const id = await story.order(vera, { prompt: 'Undone at last [refuse:422]' });
    await story.until(id, 'submitted');
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 4n });
    await story.until(id, 'failed', 30_000);
    assert.ok(stack.traps.visits('generation.before-release') >= 7);
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
  }).timeout(40_000);

  it('a request that may have left before the crash is never sent again', async () => {
    const vera = await story.person({ credits: 4 });
    stack.traps.throwAt('generation.before-submit');
    const id = await story.order(vera, { prompt: 'Perhaps sent' });
    await story.until(id, 'submitted');
    await story.ageGeneration(id, 16);
    await story.until(id, 'failed', 30_000);
    assert.equal((await story.generation(id)).failureCode, 'no_answer');
    assert.deepEqual(await story.tasks('Perhaps sent'), []);
    assert.equal((await story.balance(vera)).available, 4n);
  }).timeout(40_000);
});
