import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import type { GenerationStatus } from '../../core/flows/generation.ts';
import { createStatusMessages } from '../../db/status-messages.ts';
import { createBlobs } from '../../platform/blob-store.ts';
import { botToken } from '../support/api.ts';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { startChildProcess } from '../support/child.ts';
import { textOf } from '../support/conversation.ts';
import { eventually } from '../support/eventually.ts';
import { insertGeneration, insertPerson } from '../support/orders.ts';

describe('the message of a generation', () => {
  let engine: BotEngine;
  let anna: string;

  before(async () => {
    engine = await openBotEngine();
    await engine.with('anna').act('/start', {});
    const { rows } = await engine.owner.query('SELECT id FROM app.users WHERE telegram_id = $1', [chatId()]);
    anna = rows[0].id;
  });
  after(() => engine.stop());
  afterEach(() => engine.faults());

  const chatId = () => engine.with('anna').telegramId;

  /** An order with its message in the chat, as the bot leaves it when the funds are held. */
  async function order(): Promise<{ id: string; messageId: number }> {
    const { id } = await insertGeneration(engine.owner, { person: anna });
    await engine.owner.query(`UPDATE app.generation SET status = 'reserved' WHERE id = $1`, [id]);
    const answer = await fetch(`${engine.url}/bot${botToken}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: chatId(), text: `order ${randomUUID()}` }),
    });
    const { result } = (await answer.json()) as { result: { message_id: number } };
    await createStatusMessages(engine.pool).add({ generationId: id, chatId: chatId(), messageId: result.message_id });
    return { id, messageId: result.message_id };
  }

  async function move(id: string, ...states: GenerationStatus[]): Promise<void> {
    for (const status of states)
      await engine.owner.query('UPDATE app.generation SET status = $2 WHERE id = $1', [id, status]);
  }

  async function deliver(id: string, color = '#c04010'): Promise<void> {
    const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: color } })
      .png()
      .toBuffer();
    const blobKey = await createBlobs(engine.api.config.blobs).put(bytes);
    await engine.owner.query(
      `INSERT INTO app.generation_result (generation_id, position, blob_key, mime, bytes)
       VALUES ($1, 0, $2, 'image/png', $3)`,
      [id, blobKey, bytes.byteLength],
    );
    await move(id, 'succeeded');
  }

  async function message(messageId: number) {
    const messages = await engine.with('anna').messages();
    return messages.find((one) => one.message_id === messageId);
  }

  async function stateOf(id: string): Promise<string> {
    const { rows } = await engine.owner.query('SELECT state FROM app.status_message WHERE generation_id = $1', [id]);
    return rows[0].state;
  }

  it('follows the order, says that a photo is coming, and ends as the picture', async () => {
    const bot = await engine.startBot();
    const { id, messageId } = await order();
    const atFirst = textOf(await message(messageId));
    await eventually(async () => textOf(await message(messageId)) !== atFirst);
    const waiting = textOf(await message(messageId));
    await move(id, 'submitted', 'running');
    await eventually(async () => textOf(await message(messageId)) !== waiting);
    const chat = (await engine.with('anna').act('/chat')) as { action: { action: string } | null };
    assert.equal(chat.action?.action, 'upload_photo');
    await engine.owner.query('UPDATE app.generation SET progress = 40 WHERE id = $1', [id]);
    await eventually(async () => /40/.test(textOf(await message(messageId))));
    await deliver(id);
    await eventually(async () => ((await message(messageId))?.photo?.length ?? 0) > 0);
    await eventually(async () => (await stateOf(id)) === 'done');
    await bot.stop();
  });

  it('says the place in the queue, and changes with it alone', async () => {
    const stranger = await insertPerson(engine.owner);
    const ahead = [];
    for (let orders = 0; orders < 10; orders += 1) {
      ahead.push((await insertGeneration(engine.owner, { person: stranger })).id);
    }
    const bot = await engine.startBot();
    const { id, messageId } = await order();
    const says = (words: RegExp) => eventually(async () => words.test(textOf(await message(messageId))));
    await says(/Впереди больше 9 заказов/);
    await engine.owner.query(`UPDATE app.generation SET status = 'refused' WHERE id = ANY ($1)`, [ahead.slice(2)]);
    await says(/3-й в очереди/);
    await move(id, 'submitted', 'running');
    await says(/Рисуем/);
    assert.doesNotMatch(textOf(await message(messageId)), /очереди/);
    await move(id, 'failed');
    await engine.owner.query(`UPDATE app.generation SET status = 'refused' WHERE id = ANY ($1)`, [ahead.slice(0, 2)]);
    await bot.stop();
  });

  it('is edited no more often than every 2.5 s, however fast the order goes', async () => {
    const bot = await engine.startBot();
    const { id, messageId } = await order();
    await move(id, 'submitted', 'running');
    const shown: { text: string; at: number }[] = [];
    const startedAt = performance.now();
    for (let progress = 1; performance.now() - startedAt < 6_000; progress += 1) {
      await engine.owner.query('UPDATE app.generation SET progress = $2 WHERE id = $1', [id, progress % 100]);
      const text = textOf(await message(messageId));
      if (text !== shown.at(-1)?.text) shown.push({ text, at: performance.now() });
    }
    const pauses = shown.slice(2).map(({ at }, index) => at - (shown[index + 1]?.at ?? 0));
    assert.ok(pauses.length > 0);
    for (const pause of pauses) assert.ok(pause > 2_300, `${pause} ms`);
    await move(id, 'failed');
    await eventually(async () => (await stateOf(id)) === 'done');
    await bot.stop();
  });

  it('uses the upload of the same picture again, and uploads anew when Telegram has forgotten it', async () => {
    const bot = await engine.startBot();
    const [first, second] = [await order(), await order()];
    await move(first.id, 'submitted', 'running');
    await deliver(first.id, '#123456');
    await eventually(async () => (await stateOf(first.id)) === 'done');
    const { rows } = await engine.owner.query(`UPDATE app.telegram_file SET file_id = 'forgotten' RETURNING blob_key`);
    assert.ok(rows.length > 0);
    await move(second.id, 'submitted', 'running');
    await deliver(second.id, '#123456');
    await eventually(async () => (await stateOf(second.id)) === 'done', { withinMs: 30_000 });
    assert.ok(((await message(second.messageId))?.photo?.length ?? 0) > 0);
    await bot.stop();
  });

  it('that a person has deleted is given up, and the news goes out as a message', async () => {
    const bot = await engine.startBot();
    const { id, messageId } = await order();
    await eventually(async () => !textOf(await message(messageId)).startsWith('order'));
    await fetch(`${engine.url}/bot${botToken}/deleteMessage?chat_id=${chatId()}&message_id=${messageId}`);
    const before = (await engine.with('anna').messages()).length;
    await move(id, 'submitted', 'running', 'failed');
    await engine.owner.query('SELECT app.tell($1, $2, $3)', [
      anna,
      'generation.failed',
      JSON.stringify({ generationId: id, code: 'no_answer', returnedMinor: '10', asset: 'CREDIT' }),
    ]);
    await eventually(async () => (await stateOf(id)) === 'gone');
    await eventually(async () => (await engine.with('anna').messages()).length === before + 1);
    await bot.stop();
  });

  it('ends with the picture although the bot was killed in the middle', async () => {
    const { config } = engine.api;
    const variables = {
      MODE: 'embedded',
      HOLDFAST_HOME: config.home,
      METRICS_PORT: '0',
      DATABASE_URL: config.database.ownerUrl.reveal(),
      APP_DATABASE_URL: config.database.url.reveal(),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      BOT_TOKEN: config.botToken.reveal(),
      AUTH_KEYS: config.authKeys.reveal(),
      FILES_SECRET: config.filesSecret.reveal(),
      CATALOGUE_PATH: config.cataloguePath,
      TELEGRAM_API_URL: engine.url,
      TELEGRAM_UPDATES: 'polling',
      LOG_LEVEL: 'error',
    };
    const { id, messageId } = await order();
    const first = await startChildProcess('bot', variables);
    await move(id, 'submitted', 'running');
    await eventually(async () => !textOf(await message(messageId)).startsWith('order'), { withinMs: 30_000 });
    // The upload is under way when the process dies: the message is taken, and not yet changed.
    await engine.faults({ method: 'editMessageMedia', fault: { kind: 'delay', ms: 60_000 } });
    await deliver(id, '#445566');
    await eventually(async () => {
      const { rows } = await engine.owner.query(
        `SELECT edit_after > now() + interval '5 s' AS taken FROM app.status_message WHERE generation_id = $1`,
        [id],
      );
      return rows[0].taken;
    });
    await first.kill();
    await engine.faults();
    const second = await startChildProcess('bot', variables);
    await eventually(async () => ((await message(messageId))?.photo?.length ?? 0) > 0, { withinMs: 30_000 });
    await eventually(async () => (await stateOf(id)) === 'done');
    await second.kill();
  });
});
