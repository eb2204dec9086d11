import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('taking a generation back', () => {
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

  it('S17: returns the funds while the request waits in our queue, and the request never leaves', async () => {
    const vera = await story.person({ credits: 4 });
    const sending = stack.traps.stopAt('generation.before-sending');
    const id = await story.order(vera, { prompt: 'Changed my mind' });
    await sending.reached;
    const canceled = await story.act(vera, `/generations/${id}/cancel`);
    assert.equal(canceled.status, 200);
    assert.equal(canceled.body.generation.status, 'canceled');
    sending.open();
    await story.closed(`generation/${id}`);
    assert.deepEqual(await story.tasks('Changed my mind'), []);
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
    assert.deepEqual(await story.told(vera), ['generation.canceled']);
  });

  it('S17: is too late while the provider draws, and the picture is delivered and charged', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'No way back [slow:2s]' });
    await story.until(id, 'running');
    const canceled = await story.act(vera, `/generations/${id}/cancel`);
    assert.equal(canceled.body.code, 'already_submitted');
    await story.until(id, 'succeeded');
    assert.equal((await story.balance(vera)).available, 0n);
  });

  it('S17: is too late after the end, also when the workflow has closed (S16: an update after the first)', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Over and done' });
    await story.closed(`generation/${id}`);
    const canceled = await story.act(vera, `/generations/${id}/cancel`);
    assert.equal(canceled.body.code, 'already_finished');
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 0n });
  });

  it('S17: before the funds are held nothing is held at all', async () => {
    const vera = await story.person({ credits: 4 });
    const key = randomUUID();
    const reserving = stack.traps.stopAt('generation.before-reserve');
    const placing = story.placeGeneration(vera, { prompt: 'Sooner than held', key });
    await reserving.reached;
    // A message waits while a step of the database runs, so the API would answer that it takes too long.
    const canceling = stack.client.workflow.getHandle(`generation/${key}`).executeUpdate('cancel');
    await story.until(key, 'canceled');
    reserving.open();
    assert.deepEqual(await canceling, { outcome: 'canceled' });
    assert.equal((await placing).status, 202);
    await story.closed(`generation/${key}`);
    assert.equal(await story.count('ledger.hold WHERE key LIKE $1', [`generation/${key}%`]), 0);
    const told = `app.outbox WHERE kind = 'generation.canceled' AND data ->> 'generationId' = $1`;
    assert.equal(await story.count(`${told} AND data ->> 'returnedMinor' = '0'`, [key]), 1);
  }).timeout(60_000);

  it('S17: of a cancel and a request that leaves at the same moment exactly one wins, whichever comes first', async () => {
    const vera = await story.person({ credits: 200 });
    const outcomes = { canceled: 0, already_submitted: 0 };
    for (let round = 0; round < 12; round += 1) {
      const sending = stack.traps.stopAt('generation.before-sending');
      const id = await story.order(vera, { prompt: `Race number ${round};` });
      await sending.reached;
      if (round % 2 === 0) sending.open();
      const canceling = story.act(vera, `/generations/${id}/cancel`);
      sending.open();
      const answer = await canceling;
      const isCanceled = answer.status === 200;
      outcomes[isCanceled ? 'canceled' : 'already_submitted'] += 1;
      await story.closed(`generation/${id}`);
      assert.equal((await story.tasks(`Race number ${round};`)).length, isCanceled ? 0 : 1);
      assert.equal((await story.generation(id)).status, isCanceled ? 'canceled' : 'succeeded');
    }
    assert.equal((await story.balance(vera)).available, 200n - 4n * BigInt(outcomes.already_submitted));
  }).timeout(60_000);

  it('S17: an operator who cancels the workflow gives the funds back, and an undo is not canceled with it', async () => {
    const vera = await story.person({ credits: 4 });
    const sending = stack.traps.stopAt('generation.before-sending');
    const id = await story.order(vera, { prompt: 'Stopped by the operator' });
    await sending.reached;
    stack.traps.throwAt('generation.before-cancel', 3);
    await stack.client.workflow.getHandle(`generation/${id}`).cancel();
    await story.until(id, 'canceled');
    sending.open();
    await story.closed(`generation/${id}`);
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
  });

  it('somebody else’s generation is not there to be taken back', async () => {
    const [vera, mark] = [await story.person({ credits: 4 }), await story.person()];
    const id = await story.order(vera, { prompt: 'Hers alone' });
    assert.equal((await story.act(mark, `/generations/${id}/cancel`)).status, 404);
    await story.until(id, 'succeeded');
  });
});
