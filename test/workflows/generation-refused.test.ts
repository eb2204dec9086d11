import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a generation that gets no picture', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(() => story.assertMoney());

  it('is refused at once, for good under its key, when the funds do not suffice', async () => {
    const vera = await story.person({ credits: 3 });
    const key = randomUUID();
    const refused = await story.placeGeneration(vera, { prompt: 'Too dear', key });
    assert.equal(refused.status, 402);
    assert.equal(refused.body.code, 'insufficient_funds');
    assert.deepEqual([refused.body.requiredMinor, refused.body.availableMinor], ['4', '3']);
    const again = await story.placeGeneration(vera, { prompt: 'Too dear', key });
    assert.equal(again.status, 402);
    await story.closed(`generation/${key}`);
    assert.equal(await story.count('ledger.hold WHERE key LIKE $1', [`generation/${key}%`]), 0);
    assert.deepEqual(await story.tasks('Too dear'), []);
  });

  const classes = [
    ['422', 'prompt_refused'],
    ['400', 'prompt_refused'],
    ['401', 'provider_refused'],
    ['402', 'provider_refused'],
    ['404', 'provider_refused'],
    ['455', 'provider_refused'],
    ['505', 'provider_refused'],
  ] as const;
  for (const [code, failure] of classes) {
    it(`S20: a provider that refuses with ${code} is asked once, and the funds return: ${failure}`, async () => {
      const vera = await story.person({ credits: 4 });
      const id = await story.order(vera, { prompt: `Not this one [refuse:${code}]` });
      await story.until(id, 'failed');
      assert.equal((await story.generation(id)).failureCode, failure);
      assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
      assert.deepEqual(await story.told(vera), ['generation.failed']);
      await story.closed(`generation/${id}`);
    });
  }

  it('gives the funds back when the provider fails in the middle', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A broken fox [fail:500 out of luck]' });
    await story.until(id, 'failed');
    assert.equal((await story.generation(id)).failureCode, 'generation_failed');
    assert.equal((await story.balance(vera)).available, 4n);
  });

  it('says that the prompt was refused when the provider finds it out in the middle', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'An improper fox [fail:422 sensitive]' });
    await story.until(id, 'failed');
    assert.equal((await story.generation(id)).failureCode, 'prompt_refused');
  });

  it('gives the funds back when none of the results can be fetched', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A vanishing fox [gone]' });
    await story.until(id, 'failed');
    assert.equal((await story.generation(id)).failureCode, 'result_unavailable');
    assert.equal((await story.balance(vera)).available, 4n);
  });

  it('S21: waits as long as a rate limit asks, and burns no attempt on it', async () => {
    const vera = await story.person({ credits: 4 });
    const busy = {
      kind: 'status',
      status: 429,
      body: { code: 429, msg: 'Rate limit exceeded' },
      headers: { 'retry-after': '1' },
    } as const;
    await stack.studio.faults({ path: '/api/v1/jobs/createTask', times: 4, fault: busy });
    const id = await story.order(vera, { prompt: 'A patient fox' });
    await story.until(id, 'succeeded');
    assert.equal((await story.tasks('A patient fox')).length, 1);
    assert.equal(await story.count('app.generation_attempt WHERE generation_id = $1 AND not_sent_count = 0', [id]), 1);
  });

  it('gives up after three requests that never left, and gives the funds back', async () => {
    const vera = await story.person({ credits: 4 });
    const busy = { kind: 'status', status: 429, body: { code: 429, msg: 'Too many requests' } } as const;
    await stack.studio.faults({ path: '/api/v1/jobs/createTask', times: 3, fault: busy });
    const id = await story.order(vera, { prompt: 'An unlucky fox' });
    await story.until(id, 'failed', 20_000);
    assert.equal((await story.generation(id)).failureCode, 'provider_unavailable');
    assert.equal((await story.balance(vera)).available, 4n);
  }).timeout(30_000);
});
