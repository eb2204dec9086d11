import assert from 'node:assert/strict';
import { type Child, startChildProcess } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { createStory, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('processes that are told to end', () => {
  let stack: Stack;
  let story: Story;
  let child: Child | undefined;
  before(async () => {
    stack = await startStack({ withWorker: false, replayAlways: false });
    story = createStory(stack);
  });
  after(async () => {
    await child?.kill();
    await stack.stop();
  });
  afterEach(() => story.assertMoney());

  it('S30: a worker that gets SIGTERM during a call of 20 s finishes it, and ends with code 0', async () => {
    const vera = await story.person({ credits: 4 });
    child = await startChildProcess('worker', stack.variables);
    await stack.studio.faults({ path: '/api/v1/jobs/createTask', fault: { kind: 'delay', ms: 20_000 } });
    const id = await story.order(vera, { prompt: 'Slow to be taken' });
    await eventually(async () => (await stack.studio.hits()) === 1);
    child.signal('SIGTERM');
    assert.equal(await child.ended, '0', child.output());
    assert.equal((await story.tasks('Slow to be taken')).length, 1);
    assert.equal((await story.generation(id)).status, 'running');
    await stack.startWorker();
    await story.until(id, 'succeeded', 30_000);
    await stack.stopWorker();
    assert.equal((await story.balance(vera)).available, 0n);
  }).timeout(120_000);

  it('a worker that only waits for pictures ends within seconds, and another one goes on waiting', async () => {
    const vera = await story.person({ credits: 4 });
    child = await startChildProcess('worker', stack.variables);
    const id = await story.order(vera, { prompt: 'Waits for long [stuck]' });
    await story.until(id, 'running');
    const toldAt = performance.now();
    child.signal('SIGTERM');
    assert.equal(await child.ended, '0', child.output());
    assert.ok(performance.now() - toldAt < 10_000, `it took ${Math.round(performance.now() - toldAt)} ms`);
    const [task] = await story.tasks('Waits for long');
    await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
    await stack.startWorker();
    await story.until(id, 'succeeded', 40_000);
    await stack.stopWorker();
  }).timeout(120_000);
});
