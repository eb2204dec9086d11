import assert from 'node:assert/strict';
import pg from 'pg';
import { yookassaCidrs } from '../../providers/yookassa/inbound.ts';
import { limits } from '../../core/limits.ts';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';

const paid = (id: string) => ({
  type: 'notification',
  event: 'payment.succeeded',
  object: { id, status: 'succeeded' },
});

describe('notifications of YooKassa', () => {
  let api: TestApi;
  let owner: pg.Client;

  before(async () => {
    // One proxy of ours in front; the embedded mode adds loopback to the networks, as the simulator needs it.
    api = await startTestApi({ variables: { TRUSTED_PROXY_COUNT: '1' } });
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  function notify(body: unknown, from?: string) {
    const headers: Record<string, string> = from === undefined ? {} : { 'x-forwarded-for': from };
    return api.call('POST', '/webhooks/yookassa', { body, headers });
  }

  async function stored(dedupeKey: string) {
    const { rows } = await owner.query('SELECT * FROM app.inbox WHERE dedupe_key = $1', [dedupeKey]);
    return rows;
  }

  it('W1: twenty at once are stored once and answered 200', async () => {
    const id = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => notify(paid(id))));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const rows = await stored(`payment.succeeded:${id}`);
    assert.deepEqual([rows.length, rows[0].deliveries], [1, 20]);
    assert.deepEqual(rows[0].fact, { kind: 'payment', provider: 'yookassa', paymentId: id });
  });

  it('W11: from another address are refused, and leave nothing', async () => {
    const id = newKey();
    const { status, body } = await notify(paid(id), '203.0.113.7');
    assert.deepEqual([status, body.code], [403, 'address_not_allowed']);
    assert.deepEqual(await stored(`payment.succeeded:${id}`), []);
  });

  it('W11: with a forged X-Forwarded-For are judged by what our own proxy added', async () => {
    assert.equal((await notify(paid(newKey()), '185.71.76.1, 203.0.113.7')).status, 403);
    assert.equal((await notify(paid(newKey()), '203.0.113.7, 185.71.76.1')).status, 200);
    assert.equal((await notify(paid(newKey()), 'nonsense')).status, 403);
  });

  const inside = ['185.71.76.0', '185.71.76.31', '77.75.153.127', '77.75.154.128', '77.75.156.11', '77.75.156.35'];
  const outside = ['185.71.75.255', '185.71.76.32', '77.75.153.128', '77.75.154.127', '77.75.156.12', '77.75.156.10'];

  it('W12: are judged exactly at the bounds of each network', async () => {
    for (const address of [...inside, '2a02:5180::', '2a02:5180:ffff::1', '::ffff:185.71.76.31']) {
      assert.equal((await notify(paid(newKey()), address)).status, 200, address);
    }
    for (const address of [...outside, '2a02:5181::1', '2a02:517f:ffff::1', '::ffff:185.71.76.32']) {
      assert.equal((await notify(paid(newKey()), address)).status, 403, address);
    }
    assert.equal(yookassaCidrs.length, 7);
  });

  it('of an event that nobody knows yet are stored; what is no notification is taken and ignored', async () => {
    const id = newKey();
    assert.equal((await notify({ event: 'payment.reborn', object: { id } })).status, 200);
    assert.equal((await stored(`payment.reborn:${id}`)).length, 1);
    assert.equal((await notify({ hello: 'world' })).status, 200);
    assert.equal((await notify('not json')).status, 400);
  });

  it('are read up to their limit and not a byte further', async () => {
    const body = JSON.stringify(paid(newKey()));
    const padded = body.replace('}}', `,"pad":"${'x'.repeat(limits.webhookBodyBytesMax - body.length - 9)}"}}`);
    assert.equal(padded.length, limits.webhookBodyBytesMax);
    assert.equal((await notify(padded)).status, 200);
    assert.equal((await notify(`${padded} `)).status, 413);
  });

  it('W5: while the database is down are answered 5xx quickly and never 200; sent again, they arrive', async () => {
    const id = newKey();
    const { name } = api.database;
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 10 }, () => notify(paid(id))));
    const tookMs = performance.now() - startedAt;
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
    assert.ok(tookMs < 4_000, `${tookMs} ms`);
    assert.equal((await notify(paid(id))).status, 200);
    assert.equal((await stored(`payment.succeeded:${id}`)).length, 1);
  });
});

describe('callbacks of kie.ai', () => {
  let api: TestApi;
  const token = 'attempt-token-that-nobody-can-guess-0123456789';
  const [generationId, attemptId] = [newKey(), newKey()];

  before(async () => {
    api = await startTestApi();
    const { userId } = await api.logIn('anna');
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    await owner.query(
      `INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version, price_minor,
         unit_price_minor, price_asset, pictures, provider_model, provider_options, prompt_excerpt)
       VALUES ($1, $2, '', 'kie', 'nano-banana', 'v', 4, 4, 'CREDIT', 1, 'm', '{}', 'a fox')`,
      [generationId, userId],
    );
    await owner.query('INSERT INTO app.generation_attempt (id, generation_id, number, token) VALUES ($1, $2, 1, $3)', [
      attemptId,
      generationId,
      token,
    ]);
    await owner.end();
  });

  after(() => api.stop());

  function callBack(to: string, body: unknown) {
    return api.call('POST', `/webhooks/kie/${to}`, { body });
  }

  const success = { code: 200, msg: 'ok', data: { taskId: 'task-1', state: 'success' } };

  it('to the address of an attempt are stored once under its id and state', async () => {
    for (let times = 0; times < 3; times += 1) assert.equal((await callBack(token, success)).status, 200);
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    const { rows } = await owner.query(`SELECT dedupe_key, deliveries, fact FROM app.inbox WHERE source = 'kie'`);
    await owner.end();
    assert.deepEqual(rows, [
      {
        dedupe_key: `${attemptId}:success`,
        deliveries: 3,
        fact: { kind: 'generation', provider: 'kie', attemptId, taskId: 'task-1' },
      },
    ]);
  });

  it('to any other address are a 404', async () => {
    for (const wrong of [`${token}x`, token.slice(1), attemptId, '..', '%00']) {
      assert.equal((await callBack(wrong, success)).status, 404, wrong);
    }
  });

  it('that name no task are taken and ignored', async () => {
    assert.equal((await callBack(token, { code: 200, data: {} })).status, 200);
  });

  it('say nothing of their address in the logs (A14)', () => {
    assert.ok(api.logs.length > 0);
    assert.ok(!api.logs.join('').includes(token));
  });
});
