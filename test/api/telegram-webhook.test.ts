import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newKey, startTestApi, type TestApi } from '../support/api.ts';
import { webhookSecret as secret } from '../support/bot-engine.ts';
import { eventually } from '../support/eventually.ts';
import { connectRaw, statusOf } from '../support/raw-http.ts';

const header = 'x-telegram-bot-api-secret-token';
let lastUpdateId = 1_000_000;

function message(text: string) {
  lastUpdateId += 1;
  const from = { id: 7_100_000_001, is_bot: false, first_name: 'Анна' };
  const chat = { id: from.id, type: 'private', first_name: 'Анна' };
  return { update_id: lastUpdateId, message: { message_id: lastUpdateId, date: 1_795_271_290, from, chat, text } };
}

describe('updates of Telegram at the webhook', () => {
  let api: TestApi;
  let owner: pg.Pool;

  before(async () => {
    api = await startTestApi({ variables: { TELEGRAM_WEBHOOK_SECRET: secret } });
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2 });
  });

  after(async () => {
    await owner.end();
    await api.stop();
  });

  function tell(body: unknown, headers: Record<string, string> = { [header]: secret }) {
    return api.call('POST', '/webhooks/telegram', { body, headers });
  }

  async function stored(updateId: number) {
    const { rows } = await owner.query('SELECT * FROM app.bot_update WHERE update_id = $1', [updateId]);
    return rows;
  }

  it('T1: twenty times at once are stored once and answered 200', async () => {
    const update = message('hello');
    const answers = await Promise.all(Array.from({ length: 20 }, () => tell(update)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    const [row, ...others] = await stored(update.update_id);
    assert.deepEqual([row.deliveries, row.stream_key, row.kind], [20, 'telegram/7100000001', 'message']);
    assert.deepEqual(JSON.parse(row.body), update);
    assert.deepEqual(others, []);
  });

  it('T2: without the secret, or with a wrong one, are refused', async () => {
    const update = message('nobody knows me');
    const missing = await tell(update, {});
    assert.deepEqual([missing.status, missing.body.code], [401, 'secret_required']);
    for (const wrong of ['', 'wrong', `${secret}x`, secret.slice(1), secret.toUpperCase()]) {
      const answer = await tell(update, { [header]: wrong });
      assert.deepEqual([answer.status, answer.body.code], [403, 'secret_invalid'], wrong);
    }
    assert.deepEqual(await stored(update.update_id), []);
  });

  it('T2: with two secrets are refused, and nobody waits for the body of those that are', async () => {
    for (const headers of [`${header}: ${secret}\r\n${header}: ${secret}\r\n`, `${header}: wrong\r\n`, '']) {
      const connection = await connectRaw(api.url);
      connection.send(`POST /webhooks/telegram HTTP/1.1\r\nhost: x\r\n${headers}content-length: 100000\r\n\r\n{`);
      await eventually(() => statusOf(connection.received()) > 0, { withinMs: 2_000 });
      assert.equal(statusOf(connection.received()), headers === '' ? 401 : 403);
      connection.socket.destroy();
    }
  });

  it('T4: cut at every byte, between the bytes of one character as well, arrive as they were written', async () => {
    const text = 'Нарисуй лису 🦊 на снегу — ё';
    const update = message(text);
    const body = Buffer.from(JSON.stringify(update));
    const connection = await connectRaw(api.url);
    connection.socket.setNoDelay(true);
    connection.send(
      `POST /webhooks/telegram HTTP/1.1\r\nhost: x\r\n${header}: ${secret}\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    for (const byte of body) {
      connection.socket.write(Buffer.from([byte]));
      await sleep(0);
    }
    await eventually(() => statusOf(connection.received()) > 0);
    assert.equal(statusOf(connection.received()), 200);
    connection.socket.destroy();
    assert.equal(JSON.parse((await stored(update.update_id))[0].body).message.text, text);
  });

  it('hold whatever people can type, also what a jsonb column refuses', async () => {
    const update = message('a \u0000 and half a pair \ud83e');
    assert.equal((await tell(update)).status, 200);
    const [row] = await stored(update.update_id);
    assert.equal(JSON.parse(row.body).message.text, update.message.text);
  });

  it('of kinds that nobody knows yet are stored; what is no update is taken and ignored', async () => {
    lastUpdateId += 1;
    assert.equal((await tell({ update_id: lastUpdateId, telepathy: { from: { id: 5 } } })).status, 200);
    const [row] = await stored(lastUpdateId);
    assert.deepEqual([row.kind, row.stream_key], ['telepathy', 'telegram/5']);
    assert.equal((await tell({ hello: 'world' })).status, 200);
    assert.equal((await tell('not json')).status, 400);
  });

  it('that ask before a payment are answered in the answer itself, and are not stored', async () => {
    lastUpdateId += 1;
    const query = {
      id: '4711',
      from: { id: 7_100_000_001, is_bot: false, first_name: 'Anna', language_code: 'en' },
      currency: 'XTR',
      total_amount: 250,
      invoice_payload: newKey(),
    };
    const { status, body } = await tell({ update_id: lastUpdateId, pre_checkout_query: query });
    assert.equal(status, 200);
    const { method, pre_checkout_query_id: id, ok, error_message: text } = body;
    assert.deepEqual([method, id, ok, typeof text], ['answerPreCheckoutQuery', '4711', false, 'string']);
    assert.deepEqual(await stored(lastUpdateId), []);
  });

  it('wake the bot by a message of the database, after the answer', async () => {
    const ear = await owner.connect();
    const heard: (string | undefined)[] = [];
    ear.on('notification', ({ payload }) => heard.push(payload));
    await ear.query('LISTEN bot_update');
    await tell(message('wake up'));
    await eventually(() => heard.length > 0);
    assert.deepEqual(heard, ['telegram/7100000001']);
    await ear.query('UNLISTEN *');
    ear.release();
  });

  it('are answered within 50 ms, as a rule', async () => {
    const tookMs: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const startedAt = performance.now();
      await tell(message(`number ${turn}`));
      tookMs.push(performance.now() - startedAt);
    }
    const median = tookMs.toSorted((a, b) => a - b)[20] ?? 0;
    assert.ok(median < 50, `${median} ms`);
  });

  it('while the database is down are answered 5xx and never 200', async () => {
    const update = message('later');
    const { name } = api.database;
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = $2',
      [name, 'holdfast-webhooks'],
    );
    assert.equal((await tell(update)).status, 503);
    await owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    assert.equal((await tell(update)).status, 200);
    assert.equal((await stored(update.update_id)).length, 1);
  });
});

describe('a webhook of Telegram without a secret of ours', () => {
  it('T2: takes nothing, whatever it is shown', async () => {
    const api = await startTestApi();
    for (const headers of [{}, { [header]: '' }, { [header]: 'x' }]) {
      const { status } = await api.call('POST', '/webhooks/telegram', { body: message('x'), headers });
      assert.ok(status === 401 || status === 403);
    }
    await api.stop();
  });
});
