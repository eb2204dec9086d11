import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { limits } from '../../core/limits.ts';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { connectRaw, statusOf } from '../support/raw-http.ts';

const megabyte = 1024 * 1024;

describe('bodies', () => {
  let api: TestApi;
  let token: string;

  before(async () => {
    api = await startTestApi({ deadlines: { bodyMs: 500, answerMs: 12_000 } });
    token = (await api.logIn('anna')).token;
  });

  after(() => api.stop());

  function head(...lines: string[]): string {
    const host = new URL(api.url).host;
    const common = [`Host: ${host}`, `Authorization: Bearer ${token}`, `Idempotency-Key: ${newKey()}`];
    return ['POST /api/v1/topups HTTP/1.1', ...common, 'Content-Type: application/json', ...lines, '', ''].join('\r\n');
  }

  function bodyOf(bytes: number): string {
    const start = '{"packId":"';
    const end = '","provider":"yookassa"}';
    return start + 'x'.repeat(bytes - start.length - end.length) + end;
  }

  it('A10: are read up to the limit and not a byte further', async () => {
    const exact = await api.call('POST', '/topups', { token, key: newKey(), body: bodyOf(limits.jsonBodyBytesMax) });
    assert.equal(exact.body.code, 'invalid_request');
    const more = await api.call('POST', '/topups', { token, key: newKey(), body: bodyOf(limits.jsonBodyBytesMax + 1) });
    assert.deepEqual([more.status, more.body.code], [413, 'body_too_large']);
  });

  it('A10: of 10 MB are refused by their declared length, before they arrive', async () => {
    const raw = await connectRaw(api.url);
    raw.send(head(`Content-Length: ${10 * megabyte}`));
    await eventually(() => statusOf(raw.received()) === 413);
    raw.socket.destroy();
  });

  it('A10: without a length are counted as they come', async () => {
    const raw = await connectRaw(api.url);
    raw.send(head('Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < 5; sent += 1) raw.send(chunk);
    await eventually(() => statusOf(raw.received()) === 413);
    raw.socket.destroy();
  });

  it('A10: of 10 MB, twenty at once, leave memory flat and others served', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const before = process.memoryUsage().rss;
    const refused = Promise.all(Array.from({ length: 20 }, () => sendChunks(chunk, 160)));
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
    assert.deepEqual([...new Set(await refused)], [413]);
    // 200 MB passed; what the server keeps of each is at most its limit of 256 KB.
    const grown = (process.memoryUsage().rss - before) / megabyte;
    assert.ok(grown < 120, `${grown} MB`);
  });

  /** Sends one chunk many times without a length, and answers the status. */
  function sendChunks(chunk: Buffer, times: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'idempotency-key': newKey(),
        'content-type': 'application/json',
      };
      const sent = httpRequest(`${api.url}/api/v1/topups`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject);
      Readable.from(Array.from({ length: times }, () => chunk)).pipe(sent);
    });
  }

  it('A10: that trickle are cut off, while others are served', async () => {
    const raw = await connectRaw(api.url);
    raw.send(head('Content-Length: 1000'));
    const trickle = setInterval(() => raw.send('x'), 50);
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
    const conversation = await raw.closed();
    clearInterval(trickle);
    assert.equal(statusOf(conversation), 408);
    assert.match(conversation, /"code":"request_timeout"/);
  });

  it('A10: that end before their length do nothing', async () => {
    const raw = await connectRaw(api.url);
    raw.send(`${head('Content-Length: 1000')}{"packId":"credits-100","provider":"yookassa"}`);
    raw.socket.end();
    await raw.closed();
    assert.equal((await api.call('GET', '/me', { token })).status, 200);
  });

  it('A10: longer than their length leave a second request that is none', async () => {
    const raw = await connectRaw(api.url);
    raw.send(`${head('Content-Length: 2')}{}{"packId":"credits-100"}`);
    const conversation = await raw.closed();
    assert.equal(statusOf(conversation), 400);
    assert.match(conversation, /HTTP\/1\.1 400 Bad Request\r\nConnection: close/);
  });

  it('A10: that are packed are refused, a bomb among them', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * megabyte));
    const headers = { 'content-encoding': 'gzip' };
    const answer = await api.call('POST', '/topups', { token, key: newKey(), body: new Uint8Array(bomb), headers });
    assert.deepEqual([answer.status, answer.body.code], [415, 'unsupported_media_type']);
  });

  it('A17: with two lengths, or a bare line feed, are refused', async () => {
    const smuggled = [
      `${head('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      `${head('Content-Length: 4', 'Content-Length: 40')}{}{}`,
      head('Content-Length: 2').replaceAll('\r\n', '\n'),
      `${head('Transfer-Encoding: xchunked')}0\r\n\r\n`,
    ];
    for (const text of smuggled) {
      const raw = await connectRaw(api.url);
      raw.send(text);
      await eventually(() => statusOf(raw.received()) === 400);
      raw.socket.destroy();
    }
  });

  it('A17: too many or too long headers are refused', async () => {
    const raw = await connectRaw(api.url);
    raw.send(head(`X-Long: ${'x'.repeat(20_000)}`, 'Content-Length: 2'));
    await eventually(() => statusOf(raw.received()) === 431);
    raw.socket.destroy();
  });
});
