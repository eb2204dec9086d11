import assert from 'node:assert/strict';
import type { Fault } from '../../providers/faults.ts';
import type { GenerationTask } from '../../providers/ports.ts';
import { createClient, openStudio, type Studio, wish } from '../support/kie.ts';
import { eventually } from '../support/eventually.ts';

describe('Reading a task of kie.ai', () => {
  let studio: Studio;
  before(async () => {
    studio = await openStudio();
  });
  after(() => studio.stop());
  afterEach(() => studio.control('/reset'));

  async function submit(prompt: string, model = wish.model): Promise<string> {
    const options = model === wish.model ? wish.options : {};
    const outcome = await studio.client.submit({ ...wish, prompt, model, options });
    assert.equal(outcome.outcome, 'done');
    return outcome.value.taskId;
  }

  async function read(taskId: string): Promise<GenerationTask> {
    const outcome = await studio.client.read(taskId);
    assert.equal(outcome.outcome, 'done');
    return outcome.value;
  }

  async function ended(taskId: string): Promise<GenerationTask> {
    await eventually(async () => (await read(taskId)).state !== 'running');
    return read(taskId);
  }

  it('follows it from waiting to its pictures', async () => {
    const taskId = await submit('a fox [slow:100s]');
    for (const [advanceMs, phase] of [
      [0, 'waiting'],
      [20_000, 'queuing'],
      [30_000, 'generating'],
    ] as const) {
      await studio.control('/clock', { advanceMs });
      const task = await read(taskId);
      assert.equal(task.state === 'running' && task.phase, phase);
    }
    await studio.control('/clock', { advanceMs: 50_000 });
    await ended(taskId);
    const task = await read(taskId);
    assert.ok(task.state === 'succeeded');
    assert.equal(task.resultUrls.length, 1);
    assert.equal(task.providerCredits, 4);
    assert.equal(task.callbackUrl, wish.callbackUrl);
  });

  it('tells why it failed', async () => {
    const task = await ended(await submit('a fox [fail:422 nothing to see]'));
    assert.ok(task.state === 'failed');
    assert.deepEqual([task.code, task.message], ['422', 'nothing to see']);
  });

  it('takes 501 and 408 at the level of the envelope for the end of the task', async () => {
    for (const code of [501, 408]) {
      const taskId = await submit('a fox [stuck]');
      await studio.faults({
        path: '/api/v1/jobs/recordInfo',
        fault: { kind: 'status', status: 200, body: { code, msg: 'no' } },
      });
      assert.deepEqual(await read(taskId), { state: 'failed', taskId, code: String(code), message: 'no' });
    }
  });

  /** Answers the next look at a task with a record of ours. */
  async function readRecord(record: object): Promise<GenerationTask> {
    const body = { code: 200, msg: 'success', data: { taskId: 'task_1', ...record } };
    await studio.faults({ path: '/api/v1/jobs/recordInfo', fault: { kind: 'status', status: 200, body } });
    return read('task_1');
  }

  const progresses: [unknown, number | undefined][] = [
    [45.5, 46],
    [-3, 0],
    [1e12, 100],
    ['45', undefined],
    [{}, undefined],
  ];
  for (const [given, expected] of progresses) {
    it(`reads a progress of ${JSON.stringify(given)} as ${expected ?? 'none'}`, async () => {
      const task = await readRecord({ state: 'generating', progress: given });
      assert.equal(task.state === 'running' && task.progress, expected);
    });
  }

  it('reads the pictures of a record whose cost cannot be read', async () => {
    const resultJson = JSON.stringify({ resultUrls: ['https://example.org/a.png'] });
    for (const creditsConsumed of ['4', -1, {}]) {
      const task = await readRecord({ state: 'success', resultJson, creditsConsumed });
      assert.ok(task.state === 'succeeded');
      assert.equal(task.providerCredits, undefined);
    }
  });

  it('keeps of a failure what a row can hold: its first characters, and no NUL', async () => {
    const task = await readRecord({
      state: 'fail',
      failCode: `5\u0000${'0'.repeat(900)}`,
      failMsg: `no\u0000${'x'.repeat(90_000)}`,
    });
    assert.ok(task.state === 'failed');
    assert.ok(!`${task.code}${task.message}`.includes('\0'));
    assert.ok(task.code.length <= 40 && task.message.length <= 300);
  });

  it('does not find a task for a moment after it was created, nor one that never was', async () => {
    await studio.control('/options', { propagationMs: 60_000 });
    for (const taskId of [await submit('a fox'), 'task_unknown']) {
      const outcome = await studio.client.read(taskId);
      assert.equal(outcome.outcome === 'refused' && outcome.code, 'not_found');
    }
    await studio.control('/clock', { advanceMs: 60_000 });
    const [task] = (await studio.state()).tasks;
    assert.ok(task);
    assert.equal((await ended(task.taskId)).state, 'succeeded');
  });

  it('sees fewer pictures than were ordered', async () => {
    const request = { ...wish, model: 'bytedance/seedream-v4-text-to-image', options: { max_images: 4 } };
    const outcome = await studio.client.submit({ ...request, prompt: 'four foxes [count:2]' });
    assert.equal(outcome.outcome, 'done');
    const task = await ended(outcome.value.taskId);
    assert.ok(task.state === 'succeeded');
    assert.equal(task.resultUrls.length, 2);
    assert.equal(task.providerCredits, 10);
  });

  const record = (data: object): Fault => ({ kind: 'status', status: 200, body: { code: 200, msg: 'ok', data } });
  const doubtful: [string, Fault][] = [
    ['success without results', record({ taskId: 'task_1', state: 'success', resultJson: '' })],
    ['results that are no JSON', record({ taskId: 'task_1', state: 'success', resultJson: '{"resultUrls":' })],
    ['a state that nobody has documented', record({ taskId: 'task_1', state: 'dreaming' })],
    ['another task', record({ taskId: 'task_2', state: 'success', resultJson: '{"resultUrls":["https://e.org/1"]}' })],
    ['code 500', { kind: 'status', status: 200, body: { code: 500, msg: 'no', data: null } }],
    ['maintenance', { kind: 'status', status: 200, body: { code: 455, msg: 'no', data: null } }],
    ['garbage', { kind: 'garbage' }],
    ['a dropped connection', { kind: 'drop-after' }],
  ];
  for (const [what, fault] of doubtful) {
    it(`takes ${what} for unknown, and the next reading may know`, async () => {
      await studio.faults({ path: '/api/v1/jobs/recordInfo', fault });
      assert.equal((await studio.client.read('task_1')).outcome, 'unknown');
    });
  }

  it('reads answers without a Content-Type and with real HTTP errors', async () => {
    await studio.control('/options', { omitContentType: true, realHttpErrors: true });
    assert.equal((await ended(await submit('a fox'))).state, 'succeeded');
    const missing = await studio.client.read('task_unknown');
    assert.equal(missing.outcome === 'refused' && missing.code, 'not_found');
  });

  it('reads the balance, which shrinks by the price of a task and grows when it fails', async () => {
    await studio.control('/credits', { balance: 100 });
    const taskId = await submit('a fox [stuck]', 'nano-banana-pro');
    assert.deepEqual(await studio.client.balance(), { outcome: 'done', value: 82 });
    await studio.control(`/tasks/${taskId}/fail`, { failCode: '500', failMsg: 'out of luck' });
    assert.deepEqual(await studio.client.balance(), { outcome: 'done', value: 100 });
  });

  it('does not read the balance with a wrong key', async () => {
    const outcome = await createClient(studio.url, studio.uploadUrl, 'another').balance();
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'invalid_credentials');
  });
});
