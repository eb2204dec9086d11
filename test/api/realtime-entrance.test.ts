import assert from 'node:assert/strict';
import { once } from 'node:events';
import pg from 'pg';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type LiveClient, openLive, watchLive } from '../support/live.ts';
import { connectRaw } from '../support/raw-http.ts';

describe('the entrance of the live updates', () => {
  let api: TestApi;
  let owner: pg.Pool;
  let now = new Date();
  const open: LiveClient[] = [];

  before(async () => {
    api = await startTestApi({
      now: () => now,
      livePeriods: { tickMs: 20, pingMs: 200, recheckMs: 100, firstWordMs: 50 },
    });
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2 });
  });

  afterEach(async () => {
    for (const client of open.splice(0)) await client.close();
    // A socket counts against its person until the server has seen it go.
    await eventually(async () => (await figure('holdfast_live_sockets')) === 0);
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  async function enter(token?: string, options = {}): Promise<LiveClient> {
    const client = await openLive(api.url, token, options);
    open.push(client);
    return client;
  }

  async function figure(name: string): Promise<number | undefined> {
    const metrics = await (await fetch(api.metricsUrl)).text();
    const value = metrics
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')
      .at(-1);
    return value === undefined ? undefined : Number(value);
  }

  /** The status that an upgrade was refused with. */
  async function refusal(token: string, headers: Record<string, string>): Promise<number | undefined> {
    const client = watchLive(api.url, token, { headers });
    const [, response] = (await once(client.socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
    client.socket.terminate();
    return response.statusCode;
  }

  it('K1: closes a socket without a token, with a bad one, and with one in the address, at once with 4401', async () => {
    const { token } = await api.logIn('anna');
    const forged = `${token.slice(0, -4)}AAAA`;
    for (const client of [await enter(), await enter(forged), await enter('x')]) {
      assert.equal(await client.closed(), 4401);
      assert.deepEqual(client.messages, []);
    }
    const raw = await connectRaw(api.url);
    raw.send(upgradeRequest(`/ws?token=${token}`, ['Sec-WebSocket-Protocol: holdfast.v1']));
    await eventually(() => raw.received().includes('101 Switching') && raw.received().includes('bad or expired'));
    raw.socket.destroy();
  });

  it('K1: answers with the one subprotocol, and never logs a token', async () => {
    const { token } = await api.logIn('anna');
    const client = await enter(token);
    assert.equal(client.socket.protocol, 'holdfast.v1');
    await client.received(({ type }) => type === 'snapshot');
    await client.close();
    assert.ok(!api.logs.join('').includes(token.split('.')[2] ?? ''));
  });

  it('K1: refuses a page of a foreign origin, and of none, before there is a socket', async () => {
    const { token } = await api.logIn('anna');
    for (const origin of ['https://evil.example', 'null', `${api.url}.evil.example`]) {
      assert.equal(await refusal(token, { origin }), 403);
    }
    const own = await enter(token, { headers: { origin: api.url } });
    await own.received(({ type }) => type === 'snapshot');
  });

  it('serves what is no socket of ours as if it had not asked to be upgraded', async () => {
    const raw = await connectRaw(api.url);
    raw.send(upgradeRequest('/healthz', []));
    await eventually(() => raw.received().startsWith('HTTP/1.1 200'));
    raw.socket.destroy();
  });

  it('K2: ends a socket whose token expires, within a moment', async () => {
    const { token } = await api.logIn('anna');
    const client = await enter(token);
    await client.received(({ type }) => type === 'snapshot');
    now = new Date(now.getTime() + 15 * 60_000);
    assert.equal(await client.closed(), 4401);
    assert.equal(await (await enter(token)).closed(), 4401);
  });

  it('K2: ends the sockets of a person who is banned, and those of a login that is closed', async () => {
    const [boris, anna] = [await api.logIn('boris'), await api.logIn('anna')];
    const [first, second, other] = [await enter(boris.token), await enter(boris.token), await enter(anna.token)];
    await other.received(({ type }) => type === 'snapshot');
    await owner.query("UPDATE app.users SET status = 'banned' WHERE id = $1", [boris.userId]);
    assert.deepEqual([await first.closed(), await second.closed()], [4403, 4403]);
    assert.equal(await (await enter(boris.token)).closed(), 4403);
    assert.equal(other.socket.readyState, other.socket.OPEN);
    await owner.query('UPDATE app.login SET revoked_at = now() WHERE user_id = $1', [anna.userId]);
    assert.equal(await other.closed(), 4401);
    await owner.query("UPDATE app.users SET status = 'active' WHERE id = $1", [boris.userId]);
  });

  it('K4: closes at a frame of 5 MB with 1009, and agrees to no compression', async () => {
    const { token } = await api.logIn('anna');
    const client = await enter(token, { perMessageDeflate: true });
    assert.equal(client.socket.extensions, '');
    client.socket.send('x'.repeat(5 * 1024 * 1024));
    assert.equal(await client.closed(), 1009);
  });

  it('K4: closes at fragments without end with 1009', async () => {
    const { token } = await api.logIn('anna');
    const client = await enter(token);
    for (let sent = 0; sent < 30; sent += 1) client.socket.send('x'.repeat(10_000), { fin: false });
    assert.equal(await client.closed(), 1009);
  });

  it('closes at what it does not understand, and at too much of what it does, with 1008', async () => {
    const { token } = await api.logIn('anna');
    const wrong = ['hello', '{"type":"resume","seq":-1}', '{"type":"resume","seq":1.5}', '{"type":"subscribe"}', '[]'];
    for (const text of wrong) {
      const client = await enter(token);
      client.socket.send(text);
      assert.equal(await client.closed(), 1008, text);
    }
    const binary = await enter(token);
    binary.socket.send(Buffer.from('{"type":"resume"}'));
    assert.equal(await binary.closed(), 1008);
    const flood = await enter(token);
    for (let sent = 0; sent < 30; sent += 1) flood.resume();
    assert.equal(await flood.closed(), 1008);
  });

  it('K5: gives one person ten sockets and refuses the eleventh with 4429', async () => {
    const [boris, anna] = [await api.logIn('boris'), await api.logIn('anna')];
    for (let opened = 0; opened < 10; opened += 1) await enter(boris.token);
    assert.equal(await (await enter(boris.token)).closed(), 4429);
    const other = await enter(anna.token);
    await other.received(({ type }) => type === 'snapshot');
  });

  it('K5: cuts off a peer that answers no ping, and keeps the one that does', async () => {
    const { token } = await api.logIn('anna');
    const [silent, lively] = [await enter(token, { autoPong: false }), await enter(token)];
    let pings = 0;
    lively.socket.on('ping', () => (pings += 1));
    assert.equal(await silent.closed(), 1006);
    await eventually(() => pings >= 3);
    assert.equal(lively.socket.readyState, lively.socket.OPEN);
  });
});

describe('a server that stops', () => {
  it('tells every socket to come again with 1001', async () => {
    const api = await startTestApi();
    try {
      const { token } = await api.logIn('anna');
      const client = await openLive(api.url, token, { resume: 0 });
      const closed = client.closed();
      await api.stop();
      assert.equal(await closed, 1001);
    } catch (error) {
      await api.stop();
      throw error;
    }
  });
});

function upgradeRequest(path: string, headers: readonly string[]): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
