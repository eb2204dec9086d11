import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type Http, type HttpRequest, createHttp } from '../../providers/http.ts';
import { createLogCapture, silent } from '../support/log.ts';
import { type RawServer, openRawServer } from '../support/tcp.ts';

describe('The way out to a provider', () => {
  let server: RawServer | undefined;
  let http: Http;

  beforeEach(() => {
    http = createHttp({ provider: 'played', logger: silent, connectTimeoutMs: 300 });
  });
  afterEach(async () => {
    http.close();
    await server?.close();
    server = undefined;
  });

  async function send(onSocket: (socket: Socket, index: number) => void, request: Partial<HttpRequest> = {}) {
    server = await openRawServer(onSocket);
    return http.send({ method: 'POST', url: `${server.url}/v1/thing`, body: 'sum=500', deadlineMs: 400, ...request });
  }
  const answering = (text: string) => (socket: Socket) => socket.once('data', () => socket.write(text));

  it('says done for an answer of any status, and gives it whole', async () => {
    const outcome = await send(answering('HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nRetry-After: 7\r\n\r\nwait'));
    assert.equal(outcome.outcome, 'done');
    assert.equal(outcome.value.status, 503);
    assert.equal(outcome.value.headers['retry-after'], '7');
    assert.equal(outcome.value.text(), 'wait');
  });

  it('says not_sent when the connection is refused', async () => {
    const gone = await openRawServer(() => undefined);
    await gone.close();
    const outcome = await http.send({ method: 'POST', url: gone.url, deadlineMs: 400 });
    assert.deepEqual(outcome, { outcome: 'not_sent', reason: 'connection_refused' });
  });

  it('says not_sent when the name cannot be resolved', async () => {
    const outcome = await http.send({ method: 'GET', url: 'http://no-such-host.invalid/', deadlineMs: 5_000 });
    assert.equal(outcome.outcome, 'not_sent');
  });

  it('says not_sent when TLS is refused before the request', async () => {
    server = await openRawServer((socket) => socket.once('data', () => socket.end('this is no TLS')));
    const url = server.url.replace('http:', 'https:');
    const outcome = await http.send({ method: 'POST', url, body: 'sum=500', deadlineMs: 400 });
    assert.deepEqual(outcome, { outcome: 'not_sent', reason: 'tls' });
    assert.ok(!server.received.join('').includes('sum=500'));
  });

  it('says not_sent when TLS never comes to stand', async () => {
    server = await openRawServer(() => undefined);
    const url = server.url.replace('http:', 'https:');
    const outcome = await http.send({ method: 'POST', url, body: 'sum=500', deadlineMs: 5_000 });
    assert.deepEqual(outcome, { outcome: 'not_sent', reason: 'connect_timeout' });
  });

  it('says not_sent of a connection that is reset at once only when not one byte arrived', async () => {
    const outcome = await send((socket) => setImmediate(() => socket.resetAndDestroy()));
    assert.notEqual(outcome.outcome, 'done');
    if (outcome.outcome === 'not_sent') assert.equal(server?.received.join(''), '');
  });

  it('says unknown when the connection is reset after the request was read', async () => {
    const outcome = await send((socket) => socket.once('data', () => socket.resetAndDestroy()));
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'connection_reset' });
    assert.match(server?.received[0] ?? '', /sum=500/);
  });

  it('says unknown when the body is cut', async () => {
    const outcome = await send((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')),
    );
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'answer_cut' });
  });

  it('says unknown when no answer comes within the deadline', async () => {
    assert.deepEqual(await send(() => undefined), { outcome: 'unknown', reason: 'timeout' });
  });

  it('says unknown when the body drips past the deadline', async () => {
    const outcome = await send((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
        const drip = setInterval(() => socket.write('.'), 20);
        socket.once('close', () => clearInterval(drip));
      });
    });
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'timeout' });
  });

  it('says unknown when the answer is not HTTP', async () => {
    const outcome = await send(answering('220 mail server at your service\r\n'));
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'answer_not_http' });
  });

  it('stops reading an answer above the size cap', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024, 'x');
    const outcome = await send(
      (socket) =>
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
          socket.write(body);
        }),
      { maxBytes: 64 * 1024, deadlineMs: 5_000 },
    );
    assert.deepEqual(outcome, { outcome: 'unknown', reason: 'answer_too_large' });
  });

  it('takes an answer of exactly the size cap', async () => {
    const outcome = await send(answering('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour'), { maxBytes: 4 });
    assert.equal(outcome.outcome, 'done');
  });

  it('follows no redirect', async () => {
    const outcome = await send(
      answering('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
    );
    assert.equal(outcome.outcome === 'done' && outcome.value.status, 302);
    assert.equal(server?.received.length, 1);
  });

  it('refuses what is no http address', async () => {
    for (const url of ['file:///etc/passwd', 'nonsense', 'javascript:0']) {
      assert.equal((await http.send({ method: 'GET', url, deadlineMs: 400 })).outcome, 'refused');
    }
  });

  it('keeps a connection for the next request, and opens a fresh one where that is asked', async () => {
    const okay = (socket: Socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    };
    await send(okay);
    const url = server?.url ?? '';
    await http.send({ method: 'GET', url, deadlineMs: 400 });
    assert.equal(server?.received.length, 1);
    await http.send({ method: 'GET', url, deadlineMs: 400, freshConnection: true });
    assert.equal(server?.received.length, 2);
  });

  it('puts no header, query or body into logs, reasons and metrics', async () => {
    const log = createLogCapture();
    const seen: unknown[] = [];
    http = createHttp({ provider: 'played', logger: log.logger, observe: (observation) => seen.push(observation) });
    server = await openRawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const outcome = await http.send({
      method: 'POST',
      url: `${server.url}/bot-of-secret/send?token=secret`,
      headers: { authorization: 'Bearer secret' },
      body: 'secret',
      route: '/bot:token/send',
      deadlineMs: 400,
    });
    assert.doesNotMatch(JSON.stringify([outcome, seen]) + log.text(), /secret/);
    assert.match(log.text(), /bot:token/);
  });
});
