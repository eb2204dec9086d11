import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type Http, createHttp } from '../../providers/http.ts';
import { createTurns } from '../../providers/turns.ts';
import { silent } from '../support/log.ts';
import { type RawServer, openRawServer } from '../support/tcp.ts';
import { eventually } from '../support/eventually.ts';

describe('The circuit breaker and the turns of requests', () => {
  let server: RawServer;
  let http: Http;
  let status: number | 'reset' | 'wait';

  beforeEach(async () => {
    status = 200;
    server = await openRawServer((socket: Socket) => {
      socket.on('data', () => {
        if (status === 'reset') socket.resetAndDestroy();
        else if (status !== 'wait') socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
      });
    });
  });
  afterEach(async () => {
    http.close();
    await server.close();
  });

  const send = () => http.send({ method: 'GET', url: server.url, deadlineMs: 600 });
  const sendMany = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1) await send();
  };

  it('opens after 5 unknown outcomes in a row, and then sends nothing', async () => {
    http = createHttp({ provider: 'played', logger: silent });
    status = 'reset';
    await sendMany(4);
    assert.equal(http.state(), 'closed');
    await send();
    assert.equal(http.state(), 'open');
    const connections = server.received.length;
    const outcome = await send();
    assert.equal(outcome.outcome === 'not_sent' && outcome.reason, 'breaker_open');
    assert.ok(outcome.outcome === 'not_sent' && (outcome.retryAfterMs ?? 0) > 55_000);
    assert.equal(server.received.length, connections);
  });

  it('counts 5xx, not 4xx, and begins anew after a success', async () => {
    http = createHttp({ provider: 'played', logger: silent });
    status = 404;
    await sendMany(10);
    assert.equal(http.state(), 'closed');
    status = 500;
    await sendMany(4);
    status = 200;
    await send();
    status = 500;
    await sendMany(4);
    assert.equal(http.state(), 'closed');
    await send();
    assert.equal(http.state(), 'open');
  });

  it('lets one probe through after its time, and closes when that succeeds', async () => {
    http = createHttp({ provider: 'played', logger: silent, breaker: { failures: 1, openMs: 100 } });
    status = 500;
    await send();
    status = 'wait';
    const before = server.received.join('').length;
    let probe: ReturnType<typeof send> | undefined;
    await eventually(async () => {
      const attempt = send();
      if (http.state() === 'half_open') probe = attempt;
      else await attempt;
      return probe !== undefined;
    });
    const second = await send();
    assert.equal(second.outcome === 'not_sent' && second.reason, 'breaker_open');
    await eventually(() => server.received.join('').length > before);
    status = 200;
    await probe;
    assert.equal(http.state(), 'open');
    await eventually(async () => (await send()).outcome === 'done');
    assert.equal(http.state(), 'closed');
  });

  it('lets calls that left before it opened change nothing', async () => {
    http = createHttp({ provider: 'played', logger: silent, breaker: { failures: 2 } });
    status = 'wait';
    const early = send();
    await eventually(() => server.received.length === 1);
    status = 'reset';
    await sendMany(2);
    assert.equal(http.state(), 'open');
    assert.equal((await early).outcome, 'unknown');
    assert.equal(http.state(), 'open');
  });

  it('sends no more than its rate allows, and says when to come again', async () => {
    http = createHttp({ provider: 'played', logger: silent, takeTurn: createTurns({ calls: 2, perMs: 200 }) });
    assert.equal((await send()).outcome, 'done');
    assert.equal((await send()).outcome, 'done');
    const third = await send();
    assert.equal(third.outcome === 'not_sent' && third.reason, 'rate_budget');
    assert.ok(third.outcome === 'not_sent' && (third.retryAfterMs ?? 0) > 0 && (third.retryAfterMs ?? 0) <= 200);
    await eventually(async () => (await send()).outcome === 'done');
  });

  it('has requests beyond its rate wait for their turn, as long as their patience', async () => {
    const takeTurn = createTurns({ calls: 2, perMs: 300, patienceMs: 400 });
    http = createHttp({ provider: 'played', logger: silent, takeTurn });
    const startedAt = performance.now();
    const tookMs = async () => [(await send()).outcome, performance.now() - startedAt] as const;
    const answers = await Promise.all([tookMs(), tookMs(), tookMs(), tookMs(), tookMs()]);
    assert.deepEqual(
      answers.map(([outcome]) => outcome),
      ['done', 'done', 'done', 'done', 'not_sent'],
    );
    const late = answers.filter(([outcome, ms]) => outcome === 'done' && ms >= 300);
    assert.equal(late.length, 2, 'two of four requests had to wait for the next window');
  });
});
