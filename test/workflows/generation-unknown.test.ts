import assert from 'node:assert/strict';
import { createStory, type Story } from '../support/story.ts';
import { eventually } from '../support/eventually.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('a generation whose fate is unknown', () => {
  let stack: Stack;
  let story: Story;
  before(async () => {
    stack = await startStack();
    story = createStory(stack);
  });
  after(() => stack.stop());
  afterEach(async () => {
    await stack.studio.faults();
    stack.traps.clear();
    await story.assertMoney();
  });

  const attemptOf = async (id: string) => {
    const { rows } = await stack.owner.query<{ id: string; token: string; state: string; task_id: string | null }>(
      'SELECT id, token, state, task_id FROM app.generation_attempt WHERE generation_id = $1',
      [id],
    );
    return rows[0] ?? { id: '', token: '', state: 'none', task_id: null };
  };
  const callBack = (token: string, taskId: string, state: 'success' | 'fail' = 'success') =>
    stack.api.call('POST', `/webhooks/kie/${token}`, {
      body: { code: state === 'success' ? 200 : 501, msg: '', data: { taskId, state } },
    });

  it('S6: is not asked for twice when the answer is lost, and the callback brings it home', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'A lost answer [lost] [slow:1s]' });
    await eventually(async () => (await attemptOf(id)).state === 'unknown', { withinMs: 10_000 });
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 4n });
    await story.until(id, 'succeeded');
    assert.equal((await story.tasks('A lost answer')).length, 1);
    assert.equal((await story.balance(vera)).available, 0n);
  });

  it('S6: holds the funds until the deadline when nobody ever answers, then gives them back', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Never heard of again [lost] [silent]' });
    await eventually(async () => (await attemptOf(id)).state === 'unknown');
    await story.ageGeneration(id, 14);
    assert.equal((await story.balance(vera)).held, 4n);
    await story.ageGeneration(id, 1);
    await story.until(id, 'failed', 30_000);
    assert.equal((await story.generation(id)).failureCode, 'no_answer');
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
    assert.equal((await story.tasks('Never heard')).length, 1);
  }).timeout(40_000);

  it('S7: keeps and shows a picture that comes after the funds went back, and charges nothing for it', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Too late a fox [lost] [stuck]' });
    await eventually(async () => (await attemptOf(id)).state === 'unknown');
    await story.ageGeneration(id, 16);
    await story.until(id, 'failed', 30_000);
    await story.closed(`generation/${id}`);
    const [task] = await story.tasks('Too late');
    // The first download of it fails as well.
    await stack.studio.faults({ path: '/results/**', times: 1, fault: { kind: 'drop-before' } });
    await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
    await eventually(async () => (await stack.generations.results(id)).length === 1, { withinMs: 15_000 });
    assert.deepEqual(
      (await stack.generations.results(id)).map(({ late }) => late),
      [true],
    );
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
    assert.deepEqual(await story.told(vera), ['generation.failed', 'generation.late_result']);
    const shown = await stack.api.call('GET', `/generations/${id}`, { token: vera.token });
    assert.equal(shown.body.generation.resultUrls.length, 1);
  }).timeout(60_000);

  it('S7: keeps a picture whose callback comes just while the funds go back', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Crossing on the way [lost] [stuck]' });
    await eventually(async () => (await attemptOf(id)).state === 'unknown');
    const releasing = stack.traps.stopAt('generation.before-release');
    await story.ageGeneration(id, 16);
    await releasing.reached;
    const [task] = await story.tasks('Crossing on');
    await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
    await eventually(
      async () =>
        (await story.count("app.inbox WHERE fact ->> 'attemptId' = $1 AND state = 'done'", [
          (await attemptOf(id)).id,
        ])) === 1,
    );
    releasing.open();
    await eventually(async () => (await stack.generations.results(id)).length === 1, { withinMs: 15_000 });
    await story.closed(`generation/${id}`);
    assert.deepEqual(await story.balance(vera), { available: 4n, held: 0n });
    assert.deepEqual(await story.told(vera), ['generation.failed', 'generation.late_result']);
  }).timeout(60_000);

  it('S2: an activity that finds its request on the way does not send another', async () => {
    const vera = await story.person({ credits: 4 });
    stack.traps.throwAt('generation.after-submit');
    const id = await story.order(vera, { prompt: 'Sent once' });
    await story.until(id, 'succeeded');
    assert.equal((await story.tasks('Sent once')).length, 1);
    assert.equal((await story.balance(vera)).available, 0n);
  });

  it('waits when the callback comes before the answer to the request', async () => {
    const vera = await story.person({ credits: 4 });
    await stack.studio.control('/options', { delayMs: 0 });
    const answering = stack.traps.stopAt('generation.after-submit');
    const id = await story.order(vera, { prompt: 'Faster than its answer' });
    await answering.reached;
    await eventually(async () => (await attemptOf(id)).state === 'accepted');
    answering.open();
    await story.until(id, 'succeeded');
    await stack.studio.control('/options', { delayMs: 50 });
    assert.equal((await story.tasks('Faster')).length, 1);
  });

  it('a forged callback that says success moves nothing, and does not swallow the real one', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Not yet drawn [stuck]' });
    await story.until(id, 'running');
    const { token, task_id: taskId } = await attemptOf(id);
    assert.equal((await callBack(token, taskId ?? '')).status, 200);
    const drained = async () => (await story.count("app.inbox WHERE source = 'kie' AND state = 'pending'")) === 0;
    await eventually(drained);
    assert.deepEqual(await story.balance(vera), { available: 0n, held: 4n });
    await stack.studio.control(`/tasks/${taskId}/succeed`);
    await story.until(id, 'succeeded');
  });

  it('a callback that names a task of somebody else is corrected by our own answer', async () => {
    const vera = await story.person({ credits: 4 });
    const answering = stack.traps.stopAt('generation.after-submit');
    const id = await story.order(vera, { prompt: 'Mine and not theirs [slow:2s]' });
    await answering.reached;
    const { token } = await attemptOf(id);
    assert.equal((await callBack(token, 'task-of-nobody')).status, 200);
    await eventually(async () => (await attemptOf(id)).task_id === 'task-of-nobody');
    answering.open();
    await story.until(id, 'succeeded');
    const [task] = await story.tasks('Mine and not');
    assert.equal((await attemptOf(id)).task_id, task?.taskId);
  });

  it('a callback at an address that we never gave is 404', async () => {
    assert.equal((await callBack('A'.repeat(32), 'task')).status, 404);
  });

  it('is parked for a person when its hold was resolved behind its back', async () => {
    const vera = await story.person({ credits: 4 });
    const id = await story.order(vera, { prompt: 'Somebody else acts [stuck]' });
    await story.until(id, 'running');
    await stack.owner.query(`SELECT ledger.release('test/mistake', $1, '{"workflowId": "test/mistake"}')`, [
      `generation/${id}/reserve`,
    ]);
    const [task] = await story.tasks('Somebody else');
    await stack.studio.control(`/tasks/${task?.taskId}/succeed`);
    await story.until(id, 'needs_attention');
    await story.closed(`generation/${id}`);
    assert.deepEqual(await story.cases(vera), ['generation_parked']);
    assert.equal((await story.balance(vera)).available, 4n);
    // The books rightly complain of an order that is under way and holds nothing; a person has put it right.
    await stack.owner.query(
      "UPDATE app.generation SET status = 'failed', failure_code = 'generation_failed' WHERE id = $1",
      [id],
    );
  });
});
