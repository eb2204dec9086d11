import assert from 'node:assert/strict';
import type { Fault } from '../../providers/faults.ts';
import { createClient, dataOf, openStudio, type Studio, wish } from '../support/kie.ts';
import { openRawServer } from '../support/tcp.ts';

const envelope = (code: number, msg: string, status = 200): Fault => {
  return { kind: 'status', status, body: { code, msg, data: null } };
};

describe('Asking kie.ai for pictures', () => {
  let studio: Studio;
  before(async () => {
    studio = await openStudio();
  });
  after(() => studio.stop());
  afterEach(() => studio.control('/reset'));

  const path = '/api/v1/jobs/createTask';
  const submit = () => studio.client.submit(wish);
  const taskCount = async () => (await studio.state()).tasks.length;

  it('answers the task and sends the request in the words of kie.ai', async () => {
    const outcome = await studio.client.submit({
      ...wish,
      model: 'google/nano-banana-edit',
      imageField: 'image_urls',
      imageUrls: ['https://example.org/fox.png'],
    });
    assert.equal(outcome.outcome, 'done');
    const record = await studio.call(`/api/v1/jobs/recordInfo?taskId=${outcome.value.taskId}`);
    assert.deepEqual(JSON.parse(String(dataOf(record)['param'])), {
      model: 'google/nano-banana-edit',
      callBackUrl: wish.callbackUrl,
      input: {
        prompt: wish.prompt,
        aspect_ratio: '1:1',
        output_format: 'png',
        image_urls: ['https://example.org/fox.png'],
      },
    });
  });

  const refusals: [string, Fault, string][] = [
    ['a bad input', envelope(400, 'content policy'), 'invalid_request'],
    ['a bad key', envelope(401, 'You do not have access permissions'), 'invalid_credentials'],
    ['an empty account', envelope(402, 'The current credits are insufficient. Please top up.'), 'insufficient_credits'],
    ['an empty account under 429', envelope(429, 'The current credits are insufficient'), 'insufficient_credits'],
    ['an unknown path', envelope(404, 'Not found'), 'not_found'],
    ['a failed validation', envelope(422, 'aspect_ratio is not within the range'), 'invalid_request'],
    ['maintenance', envelope(455, 'maintained'), 'maintenance'],
    ['a disabled feature', envelope(505, 'disabled'), 'feature_disabled'],
    ['a real HTTP 402', envelope(402, 'insufficient', 402), 'insufficient_credits'],
    ['an HTTP 422 whose body says 200', envelope(200, 'success', 422), 'invalid_request'],
    [
      '`message` instead of `msg`',
      { kind: 'status', status: 200, body: { code: 401, message: 'no' } },
      'invalid_credentials',
    ],
    ['a code that is text', { kind: 'status', status: 200, body: { code: '402', msg: 'no' } }, 'insufficient_credits'],
    ['403 with error code: 1010', { kind: 'status', status: 403, body: 'error code: 1010' }, 'blocked'],
  ];
  for (const [what, fault, code] of refusals) {
    it(`is refused by ${what}`, async () => {
      await studio.faults({ path, fault });
      const outcome = await submit();
      assert.equal(outcome.outcome === 'refused' && outcome.code, code);
      assert.equal(await taskCount(), 0);
    });
  }

  const unknowns: [string, Fault, number][] = [
    ['code 500', envelope(500, 'Server exception'), 0],
    ['code 501', envelope(501, 'Generation failed'), 0],
    ['a code that nobody has documented', envelope(433, 'odd'), 0],
    ['HTTP 500 whose body says 401', envelope(401, 'no', 500), 0],
    ['HTTP 422 whose body says 500', envelope(500, 'no', 422), 0],
    ['a 502 page', { kind: 'status', status: 502, body: '<html>bad gateway</html>' }, 0],
    ['a 404 page', { kind: 'status', status: 404, body: '<!doctype html>' }, 0],
    ['a 429 that speaks of something else', envelope(429, 'see the manual'), 0],
    ['a 200 without a task', envelope(200, 'success'), 0],
    ['an empty 200', { kind: 'status', status: 200, body: '' }, 0],
    ['garbage', { kind: 'garbage' }, 1],
    ['a connection dropped before the act', { kind: 'drop-before' }, 0],
    ['a connection dropped after the act', { kind: 'drop-after' }, 1],
  ];
  for (const [what, fault, created] of unknowns) {
    it(`S6: takes ${what} for unknown and sends nothing again`, async () => {
      await studio.faults({ path, fault, times: 1 });
      assert.equal((await submit()).outcome, 'unknown');
      assert.equal(await taskCount(), created);
    });
  }

  it('S21: takes a rate limit for not sent, with the time to wait', async () => {
    const fault: Fault = {
      kind: 'status',
      status: 429,
      body: { code: 429, msg: 'Your call frequency is too high.' },
      headers: { 'retry-after': '7' },
    };
    await studio.faults({ path, fault });
    assert.deepEqual(await submit(), { outcome: 'not_sent', reason: 'rate_limited', retryAfterMs: 7_000 });
  });

  it('takes a refused connection for not sent', async () => {
    const gone = await openRawServer(() => {});
    await gone.close();
    const outcome = await createClient(gone.url, gone.url).submit(wish);
    assert.deepEqual(outcome, { outcome: 'not_sent', reason: 'connection_refused' });
  });

  it('opens a fresh connection for each task and shows itself as a browser', async () => {
    const body = JSON.stringify({ code: 200, data: { taskId: 'task_1' } });
    const server = await openRawServer((socket) => {
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
    });
    const client = createClient(server.url, server.url);
    assert.deepEqual(await client.submit(wish), { outcome: 'done', value: { taskId: 'task_1' } });
    assert.deepEqual(await client.submit(wish), { outcome: 'done', value: { taskId: 'task_1' } });
    assert.equal(server.received.length, 2);
    assert.match(server.received[0] ?? '', /user-agent: Mozilla\/5\.0 .*Chrome/i);
    await server.close();
  });

  it('is refused with a wrong key by the simulator itself', async () => {
    const outcome = await createClient(studio.url, studio.uploadUrl, 'another').submit(wish);
    assert.deepEqual(outcome, {
      outcome: 'refused',
      code: 'invalid_credentials',
      message: 'You do not have access permissions',
    });
  });
});
