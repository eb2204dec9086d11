import assert from 'node:assert/strict';
import { scaled } from '../support/scale.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('S8: two orders at once with the funds for one', () => {
  const rounds = scaled(1_000);
  const abreast = 5;
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack({ replayAlways: false, studio: { delayMs: 3_000 } });
    story = createStory(stack);
  });
  after(() => stack.stop());

  async function round(): Promise<void> {
    const vera = await story.person({ credits: 7 });
    const answers = await Promise.all(
      ['One', 'Other'].map((prompt) => story.placeGeneration(vera, { prompt: `${prompt} of two` })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 402]);
    assert.deepEqual(await story.balance(vera), { available: 3n, held: 4n });
  }

  it(`takes exactly one, says insufficient_funds to the other and fails never, ${rounds} times`, async () => {
    for (let done = 0; done < rounds; done += abreast) {
      await Promise.all(Array.from({ length: Math.min(abreast, rounds - done) }, () => round()));
    }
    assert.equal(await story.count("ledger.hold WHERE status IN ('open', 'captured')"), rounds);
    await story.assertMoney();
  }).timeout(15 * 60_000);
});
