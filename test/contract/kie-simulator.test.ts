import assert from 'node:assert/strict';
import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { dataOf, openStudio, type Studio, wish } from '../support/kie.ts';
import { eventually } from '../support/eventually.ts';
import { openReceiver } from '../support/yookassa.ts';

describe('The simulator of kie.ai', () => {
  let studio: Studio;
  before(async () => {
    studio = await openStudio();
  });
  after(() => studio.stop());
  afterEach(() => studio.control('/reset'));

  const create = (body: object, headers?: Record<string, string>) =>
    studio.call('/api/v1/jobs/createTask', body, headers);
  const fox = (input: object = {}, model = wish.model) => ({ model, input: { prompt: 'a fox', ...input } });

  it('answers createTask as documented, and recordInfo with strings that hold JSON', async () => {
    const created = await create({ ...fox(), callBackUrl: 'https://shop.example/hook' });
    assert.deepEqual([created.status, created.body.code, created.body.msg], [200, 200, 'success']);
    const taskId = String(dataOf(created)['taskId']);
    assert.match(taskId, /^task_\w+$/);
    await eventually(async () => (await studio.state()).tasks[0]?.state === 'success');
    const record = dataOf(await studio.call(`/api/v1/jobs/recordInfo?taskId=${taskId}`));
    for (const field of ['taskId', 'model', 'state', 'param', 'resultJson', 'failCode', 'failMsg']) {
      assert.equal(typeof record[field], 'string', field);
    }
    for (const field of ['costTime', 'createTime', 'updateTime', 'completeTime']) {
      assert.ok(Number.isInteger(record[field]), field);
    }
    assert.ok(Number(record['costTime']) >= 50);
  });

  it('puts errors into the body of an HTTP 200, with null data', async () => {
    const answers = [
      await studio.call('/api/v1/jobs/recordInfo?taskId=task_none'),
      await studio.call('/api/v1/jobs/recordInfo'),
      await create(fox(), {}),
      await create({ input: {} }),
      await studio.call('/api/v1/common/download-url', { url: 'https://example.org/a.png' }),
    ];
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.code, body.data]),
      [422, 400, 401, 422, 422].map((code) => [200, code, null]),
    );
    assert.equal(answers[0]?.body.msg, 'recordInfo is null');
    assert.equal(answers[2]?.body.msg, 'You do not have access permissions');
  });

  it('answers real HTTP errors in that mode', async () => {
    await studio.control('/options', { realHttpErrors: true });
    const answer = await studio.call('/api/v1/jobs/recordInfo?taskId=task_none');
    assert.deepEqual([answer.status, answer.body.code], [422, 422]);
  });

  it('refuses a client without a User-Agent with 403 and error code: 1010', async () => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = request(`${studio.url}/api/v1/chat/credit`, { agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      });
      sent.on('error', reject).end();
    });
    assert.deepEqual(answer, { status: 403, text: 'error code: 1010' });
  });

  const traps: [string, object][] = [
    ['jpg where the model says jpeg', fox({ output_format: 'jpg' })],
    ['jpeg where the model says jpg', fox({ output_format: 'jpeg' }, 'nano-banana-pro')],
    ['a shape that is not offered', fox({ aspect_ratio: '7:3' })],
    ['a resolution that is not offered', fox({ resolution: '8K' }, 'nano-banana-2')],
    ['an edit without a picture', fox({}, 'google/nano-banana-edit')],
    ['pictures as bytes', fox({ input_urls: ['data:image/png;base64,AA'] }, 'gpt-image-2-image-to-image')],
    ['seven pictures of six', fox({ max_images: 7 }, 'bytedance/seedream-v4-text-to-image')],
    ['a prompt of 5,001 characters', { model: wish.model, input: { prompt: 'x'.repeat(5_001) } }],
    ['a model of another name', fox({}, 'nano-banana')],
    ['the name of a property', fox({}, 'constructor')],
  ];
  for (const [what, body] of traps) {
    it(`answers 422 to ${what}`, async () => {
      assert.equal((await create(body)).body.code, 422);
      assert.equal((await studio.state()).tasks.length, 0);
    });
  }

  it('creates 20 tasks in 10 s and not one more, until the window has passed', async () => {
    await studio.control('/options', { createMax: 20 });
    const codes = await Promise.all(Array.from({ length: 25 }, async () => (await create(fox())).body.code));
    assert.equal(codes.filter((code) => code === 200).length, 20);
    assert.equal(codes.filter((code) => code === 429).length, 5);
    assert.equal((await studio.state()).tasks.length, 20);
    await studio.control('/clock', { advanceMs: 10_000 });
    assert.equal((await create(fox())).body.code, 200);
  });

  it('refuses with 402 what the account cannot pay, and keeps a ledger of what it charged', async () => {
    await studio.control('/credits', { balance: 5 });
    assert.equal((await create(fox({ prompt: 'a fox [stuck]' }))).body.code, 200);
    const second = await create(fox());
    assert.equal(second.body.msg, 'The current credits are insufficient. Please top up.');
    const { balance, entries } = (await studio.state()).credits;
    assert.deepEqual([balance, entries[0]?.change], [1, -4]);
  });

  it('draws at the shape that was asked, in the format that was asked', async () => {
    const cases = [
      [fox({ aspect_ratio: '16:9' }), 1_024, 576, 'png'],
      [fox({ aspect_ratio: '3:4', resolution: '2K', output_format: 'jpg' }, 'nano-banana-2'), 1_536, 2_048, 'jpeg'],
      [fox({ image_size: 'portrait_16_9' }, 'bytedance/seedream-v4-text-to-image'), 576, 1_024, 'png'],
    ] as const;
    for (const [body, width, height, format] of cases) {
      await create(body);
      await eventually(async () => (await studio.state()).tasks[0]?.state === 'success');
      const [url] = (await studio.state()).tasks[0]?.resultUrls ?? [];
      const drawn = await sharp(Buffer.from(await (await fetch(url ?? '')).arrayBuffer())).metadata();
      assert.deepEqual([drawn.width, drawn.height, drawn.format], [width, height, format]);
    }
  });

  it('shows a person every task with its buttons, escaped, and lets them end one', async () => {
    await create(fox({ prompt: '<script>alert(1)</script> [stuck]' }));
    const page = await fetch(studio.url);
    const html = await page.text();
    assert.match(html, /Simulator of kie\.ai: no real money/);
    assert.ok(!html.includes('<script') && html.includes('&lt;script&gt;'));
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const [, action] = /action="([^"]+\/succeed)"/.exec(html) ?? [];
    const pressed = { method: 'POST', redirect: 'manual', headers: { accept: 'text/html' } } as const;
    assert.equal((await fetch(studio.url + action, pressed)).status, 302);
    assert.equal((await studio.state()).tasks[0]?.state, 'success');
    assert.equal((await fetch(studio.url + action, { method: 'POST' })).status, 409);
  });

  it('keeps tasks, credits, files and what is under way over a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kie-simulator-'));
    const receiver = await openReceiver();
    const statePath = join(folder, 'kie.json');
    const first = await openStudio({ statePath });
    const callbackUrl = new URL('/webhooks/kie/attempt', receiver.url).href;
    const created = await first.client.submit({ ...wish, prompt: 'a fox [slow:300ms]', callbackUrl });
    const uploaded = await first.client.uploadImage({
      bytes: Buffer.from('GIF89a'),
      mime: 'image/gif',
      fileName: 'x.gif',
    });
    await first.stop();
    assert.equal(receiver.received.length, 0);
    const second = await openStudio({ statePath });
    await eventually(() => receiver.received.length === 1);
    const [task] = (await second.state()).tasks;
    assert.equal(task?.taskId, created.outcome === 'done' && created.value.taskId);
    assert.equal((await second.state()).credits.balance, 100_000 - 4);
    const path = new URL(uploaded.outcome === 'done' ? uploaded.value.url : '').pathname;
    assert.equal(await (await fetch(second.uploadUrl + path)).text(), 'GIF89a');
    await second.stop();
    await receiver.close();
    await rm(folder, { recursive: true });
  });

  it('answers benches at once with one prepared picture', async () => {
    await studio.control('/options', { delayMs: 0, preparedPicture: true });
    const pictures: Buffer[] = [];
    for (const prompt of ['a fox', 'an owl']) {
      await create(fox({ prompt }));
      await eventually(async () => (await studio.state()).tasks[0]?.state === 'success');
      const [url] = (await studio.state()).tasks[0]?.resultUrls ?? [];
      pictures.push(Buffer.from(await (await fetch(url ?? '')).arrayBuffer()));
    }
    assert.deepEqual(pictures[0], pictures[1]);
  });
});
