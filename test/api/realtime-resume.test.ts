import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { LiveMessage } from '../../core/live.ts';
import { type Dispatcher, startDispatcher } from '../../workers/dispatcher.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { type LiveClient, openLive } from '../support/live.ts';
import { silent } from '../support/log.ts';

describe('live updates that are resumed', () => {
  let api: TestApi;
  let second: TestApi;
  let owner: pg.Pool;
  let dispatcher: Dispatcher | undefined;
  const open: LiveClient[] = [];
  const livePeriods = { tickMs: 20, slowMs: 400, firstWordMs: 50, silenceMs: 2_000 };

  before(async () => {
    api = await startTestApi({ livePeriods });
    const variables = { AUTH_KEYS: api.config.authKeys.reveal(), FILES_SECRET: api.config.filesSecret.reveal() };
    second = await startTestApi({ database: api.database, variables, livePeriods });
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 8 });
    dispatcher = startDispatcher({ databaseUrl: api.database.url, logger: silent });
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.close()));
  });

  after(async () => {
    await dispatcher?.stop();
    await owner.end();
    await second.stop();
    await api.stop();
  });

  async function enter(of: TestApi, token: string, resume?: number): Promise<LiveClient> {
    const client = await openLive(of.url, token, resume === undefined ? {} : { resume });
    open.push(client);
    return client;
  }

  /** A fact of a person; resolves with the number of their last one. */
  async function fact(userId: string, size = 0): Promise<number> {
    const data = JSON.stringify({ userId, padding: 'x'.repeat(size) });
    await owner.query("SELECT app.announce($1::uuid, 'generation.progress', $2::jsonb)", [userId, data]);
    return lastSeq(userId);
  }

  async function facts(userId: string, count: number, size = 0): Promise<void> {
    for (let made = 0; made < count; made += 1) await fact(userId, size);
  }

  async function lastSeq(userId: string): Promise<number> {
    const { rows } = await owner.query<{ seq: string }>('SELECT last_seq AS seq FROM app.stream WHERE topic = $1', [
      `user:${userId}`,
    ]);
    return Number(rows[0]?.seq ?? 0);
  }

  it('K6: lose and repeat nothing while facts come from eight sides and the line breaks again and again', async () => {
    const { token, userId } = await api.logIn('anna');
    const first = await enter(api, token);
    const { seq: start } = await first.received(({ type }) => type === 'snapshot');
    await first.close();
    const perSide = 60;
    const sides = Array.from({ length: 8 }, () => facts(userId, perSide));
    const received: LiveMessage[] = [];
    const target = start + sides.length * perSide;
    let last = start;
    while (last < target) {
      const client = await enter(randomInt(2) === 0 ? api : second, token, last);
      const wanted = Math.min(target, last + randomInt(1, 40));
      await client.received(({ seq }) => seq >= wanted);
      client.socket.terminate();
      received.push(...client.messages);
      last = received.at(-1)?.seq ?? last;
    }
    await Promise.all(sides);
    assert.deepEqual(
      received.map(({ seq, type }) => [seq, type]),
      Array.from({ length: target - start }, (_, index) => [start + index + 1, 'generation.progress']),
    );
  });

  it('reach every socket of a person at two processes, in order, and nobody else', async () => {
    const [anna, boris] = [await api.logIn('anna'), await api.logIn('boris')];
    const clients = [await enter(api, anna.token), await enter(second, anna.token), await enter(api, boris.token)];
    await Promise.all(clients.map((client) => client.received(({ type }) => type === 'snapshot')));
    await Promise.all([facts(anna.userId, 30), facts(boris.userId, 30), facts(anna.userId, 30)]);
    const [end, borisEnd] = [await lastSeq(anna.userId), await lastSeq(boris.userId)];
    const [one, two, other] = clients;
    await Promise.all([one?.received(({ seq }) => seq === end), two?.received(({ seq }) => seq === end)]);
    await other?.received(({ seq }) => seq === borisEnd);
    assert.deepEqual(one?.messages, two?.messages);
    assert.deepEqual(
      one?.messages.map(({ seq }) => seq),
      Array.from({ length: 61 }, (_, index) => end - 60 + index),
    );
    assert.ok(other?.events().every(({ data }) => data['userId'] === boris.userId));
  });

  it('K5: are ten for a person at each process by itself, and no eleventh at either', async () => {
    const { token } = await api.logIn('boris');
    for (const each of [api, second]) {
      for (let opened = 0; opened < 10; opened += 1) await enter(each, token);
      assert.equal(await (await enter(each, token)).closed(), 4429);
    }
    assert.equal(open.filter(({ socket }) => socket.readyState === socket.OPEN).length, 20);
  });

  it('begin anew with a snapshot where facts are no longer kept, are too many, or never were', async () => {
    const { token, userId } = await api.logIn('anna');
    await facts(userId, 5);
    const end = await lastSeq(userId);
    await owner.query('DELETE FROM app.outbox WHERE topic = $1 AND seq = $2', [`user:${userId}`, end - 2]);
    for (const seq of [end - 4, 0, end + 1, 2 ** 53 - 1]) {
      const client = await enter(api, token, seq);
      await eventually(() => client.messages.length > 0);
      assert.deepEqual([client.messages[0]?.type, client.messages[0]?.seq], ['snapshot', end], `after ${seq}`);
      await client.close();
    }
    const kept = await enter(api, token, end - 2);
    await kept.received(({ seq }) => seq === end);
    assert.deepEqual(
      kept.messages.map(({ seq }) => seq),
      [end - 1, end],
    );
    await facts(userId, 501);
    const far = await enter(api, token, end);
    assert.equal((await far.received(() => true)).type, 'snapshot');
  });

  it('go back for a client that asks in the middle, and give a snapshot to one that names no number', async () => {
    const { token, userId } = await api.logIn('boris');
    const client = await enter(api, token);
    const { seq: start } = await client.received(({ type }) => type === 'snapshot');
    await facts(userId, 3);
    await client.received(({ seq }) => seq === start + 3);
    client.resume(start + 1);
    await eventually(() => client.events().length === 5);
    client.resume();
    await eventually(() => client.snapshots().length === 2);
    assert.deepEqual(
      client.messages.map(({ seq }) => seq - start),
      [0, 1, 2, 3, 2, 3, 3],
    );
  });

  it('K3: hold no memory for readers that stop, end them with 4408, and serve the others meanwhile', async () => {
    const [anna, boris] = [await api.logIn('anna'), await api.logIn('boris')];
    const slow = await Promise.all(Array.from({ length: 8 }, () => enter(api, anna.token)));
    const quick = await enter(api, boris.token);
    await Promise.all([...slow, quick].map((client) => client.received(({ type }) => type === 'snapshot')));
    for (const client of slow) client.socket.pause();
    const before = process.memoryUsage();
    // 8 sockets x 30 MB, where buffers of the kernel take a few.
    await Promise.all([facts(anna.userId, 500, 60_000), facts(boris.userId, 100)]);
    const borisEnd = await lastSeq(boris.userId);
    await quick.received(({ seq }) => seq === borisEnd);
    await eventually(async () => /closed_total\{reason="tooSlow"[^}]*\} 8/.test(await metrics()));
    const grownMb = (process.memoryUsage().rss - before.rss) / 2 ** 20;
    assert.ok(grownMb < 100, `RSS grew by ${grownMb.toFixed(0)} MB`);
    // The server waits for no goodbye of a peer that does not read.
    await eventually(async () => /holdfast_live_sockets\{[^}]*\} 1\n/.test(await metrics()));
    const [reader] = slow;
    reader?.socket.resume();
    assert.ok([4408, 1006].includes((await reader?.closed()) ?? 0));
    for (const client of slow) client.socket.terminate();
  });

  it('K6: send the slow reader the rest when it reads again in time', async () => {
    const { token, userId } = await api.logIn('anna');
    const patient = await startTestApi({
      database: api.database,
      variables: { AUTH_KEYS: api.config.authKeys.reveal(), FILES_SECRET: api.config.filesSecret.reveal() },
      livePeriods: { ...livePeriods, slowMs: 60_000 },
    });
    try {
      const client = await enter(patient, token);
      const { seq: start } = await client.received(({ type }) => type === 'snapshot');
      client.socket.pause();
      await facts(userId, 200, 60_000);
      client.socket.resume();
      await client.received(({ seq }) => seq === start + 200);
      assert.deepEqual(
        client.events().map(({ seq }) => seq),
        Array.from({ length: 200 }, (_, index) => start + 1 + index),
      );
      await client.close();
    } finally {
      await patient.stop();
    }
  });

  it('come all the same while no dispatcher runs, and from the next one when it does', async () => {
    await dispatcher?.stop();
    const { token, userId } = await api.logIn('boris');
    const client = await enter(api, token);
    await client.received(({ type }) => type === 'snapshot');
    const alone = await fact(userId);
    await client.received(({ seq }) => seq === alone);
    const dispatchers = [1, 2].map(() => startDispatcher({ databaseUrl: api.database.url, logger: silent }));
    dispatcher = dispatchers[0];
    const led = await fact(userId);
    await client.received(({ seq }) => seq === led);
    await dispatchers[0]?.stop();
    dispatcher = dispatchers[1];
    const handedOver = await fact(userId);
    await client.received(({ seq }) => seq === handedOver);
  });

  it('go on when the connections of those who tell, hear and read are cut', async () => {
    const { token, userId } = await api.logIn('anna');
    const client = await enter(api, token);
    await client.received(({ type }) => type === 'snapshot');
    const cut = await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name IN ('holdfast-dispatcher', 'holdfast-live')`,
    );
    assert.ok((cut.rowCount ?? 0) >= 3);
    const first = await fact(userId);
    await client.received(({ seq }) => seq === first);
    const isLed = async () => {
      const { rows } = await owner.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'holdfast-dispatcher'`,
      );
      return rows[0]?.count === 1;
    };
    await eventually(isLed);
    const next = await fact(userId);
    await client.received(({ seq }) => seq === next);
    const seqs = client.messages.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from(seqs, (_, index) => (seqs[0] ?? 0) + index),
    );
  });

  async function metrics(): Promise<string> {
    return (await fetch(api.metricsUrl)).text();
  }
});
