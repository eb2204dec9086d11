import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningBot } from '../../bot/main.ts';
import { createBotUpdates } from '../../db/bot-updates.ts';
import { type BotEngine, type Handle, openBotEngine } from '../support/bot-engine.ts';
import { eventually } from '../support/eventually.ts';

const names = ['anna', 'boris', 'sonya', 'oleg'] as const;

describe('updates that are polled', () => {
  let engine: BotEngine;
  let bot: RunningBot | undefined;
  let seen: { who: number; text: string }[];
  let handle: Handle;

  before(async () => {
    engine = await openBotEngine();
    for (const name of names) await engine.with(name).act('/start', {});
  });
  after(() => engine.stop());

  beforeEach(() => {
    seen = [];
    handle = async () => {};
  });
  afterEach(() => bot?.stop());

  async function start(retryDelayMs = 20): Promise<void> {
    bot = await engine.startBot({
      retryDelayMs,
      handler: {
        async handle(update) {
          if (update.message?.text?.startsWith('/') !== false) return;
          seen.push({ who: update.message.chat.id, text: update.message.text });
          await handle(update);
        },
      },
    });
  }

  const textsOf = (name: (typeof names)[number]) =>
    seen.filter(({ who }) => who === engine.with(name).telegramId).map(({ text }) => text);

  async function rows(text: string) {
    const found = await engine.owner.query<{ state: string; attempts: number; deliveries: number; last_error: string }>(
      'SELECT state, attempts, deliveries, last_error FROM app.bot_update WHERE body LIKE $1',
      [`%"text":"${text}"%`],
    );
    return found.rows;
  }

  const isDone = async (text: string) => (await rows(text))[0]?.state === 'done';

  it('T1: have one effect, also when they come again after a restart', async () => {
    await start();
    await engine.with('anna').act('/message', { text: 'once' });
    await eventually(() => isDone('once'));
    await bot?.stop();
    // What Telegram would send again had our confirmation been lost.
    const { rows: stored } = await engine.owner.query('SELECT * FROM app.bot_update WHERE body LIKE $1', ['%"once"%']);
    const { update_id: updateId, stream_key: streamKey, kind, body } = stored[0];
    const again = { updateId: Number(updateId), streamKey, kind, body };
    assert.equal(await createBotUpdates(engine.pool).store(again), 'duplicate');
    await start();
    await engine.with('anna').act('/message', { text: 'after the restart' });
    await eventually(() => isDone('after the restart'));
    assert.deepEqual(textsOf('anna'), ['once', 'after the restart']);
  });

  it('T3: are tried again when their handler throws, set aside at last, and their chat goes on', async () => {
    handle = async ({ message }) => {
      if (message?.text === 'poison') throw new Error('it does not agree with me');
    };
    await start();
    await engine.with('anna').act('/message', { text: 'poison' });
    await engine.with('anna').act('/message', { text: 'behind it' });
    await eventually(() => isDone('behind it'));
    assert.deepEqual(textsOf('anna'), ['poison', 'poison', 'poison', 'poison', 'poison', 'behind it']);
    const [row] = await rows('poison');
    assert.deepEqual([row?.state, row?.attempts, row?.last_error], ['set_aside', 5, 'it does not agree with me']);
  });

  it('T3: of a chat whose handler takes long hold up nobody else', async () => {
    const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
    handle = async ({ message }) => (message?.text === 'slow' ? letGo : undefined);
    await start();
    await engine.with('anna').act('/message', { text: 'slow' });
    await eventually(() => textsOf('anna').length === 1);
    await engine.with('anna').act('/message', { text: 'behind the slow one' });
    await engine.with('boris').act('/message', { text: 'beside the slow one' });
    await eventually(() => isDone('beside the slow one'));
    assert.deepEqual(textsOf('anna'), ['slow']);
    release();
    await eventually(() => isDone('behind the slow one'));
  });

  it('T5: are handled in order per chat and side by side between chats, by two processes', async () => {
    let atOnce = 0;
    let atOnceMost = 0;
    const inChat = new Set<number>();
    handle = async ({ message }) => {
      const chat = message?.chat.id ?? 0;
      assert.ok(!inChat.has(chat), 'two updates of one chat at once');
      inChat.add(chat);
      atOnce += 1;
      atOnceMost = Math.max(atOnceMost, atOnce);
      await sleep(5);
      atOnce -= 1;
      inChat.delete(chat);
    };
    await start();
    const first = bot;
    await start();
    const second = bot;
    const texts = Array.from({ length: 15 }, (_, index) => `number ${index}`);
    await Promise.all(
      names.map(async (name) => {
        for (const text of texts) await engine.with(name).act('/message', { text });
      }),
    );
    await eventually(() => seen.length >= names.length * texts.length);
    for (const name of names) assert.deepEqual(textsOf(name), texts);
    // Two processes with one chat each would be two.
    assert.ok(atOnceMost > 2, 'chats waited for each other');
    await Promise.all([first?.stop(), second?.stop()]);
  });

  it('that end the process five times are set aside without a sixth', async () => {
    await engine.with('anna').act('/message', { text: 'deadly' });
    await start();
    await eventually(() => isDone('deadly'));
    await bot?.stop();
    await engine.owner.query(
      `UPDATE app.bot_update SET state = 'pending', attempts = 5, done_at = NULL WHERE body LIKE '%"deadly"%'`,
    );
    seen = [];
    await start();
    await eventually(async () => (await rows('deadly'))[0]?.state === 'set_aside');
    assert.deepEqual(seen, []);
  });

  it('of a person who has blocked the bot and come back open the chat again', async () => {
    await start();
    const { telegramId } = engine.with('anna');
    const isBlocked = async () => {
      const found = await engine.owner.query('SELECT chat_blocked_at FROM app.users WHERE telegram_id = $1', [
        telegramId,
      ]);
      return found.rows[0].chat_blocked_at !== null;
    };
    await engine.with('anna').act('/block', {});
    await eventually(isBlocked);
    await engine.with('anna').act('/unblock', {});
    await eventually(async () => !(await isBlocked()));
  });

  it('are confirmed only when they are stored: an outage of the database loses none', async () => {
    await start();
    const { name } = engine.api.database;
    await engine.owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
    await engine.owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE $2',
      [name, 'holdfast-bot%'],
    );
    await engine.with('boris').act('/message', { text: 'during the outage' });
    await sleep(300);
    await engine.owner.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    await eventually(() => isDone('during the outage'), { withinMs: 40_000 });
    assert.deepEqual(textsOf('boris'), ['during the outage']);
  });

  it('are fetched when a conflict with another poll is over', async () => {
    const conflict = {
      ok: false,
      error_code: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    };
    await engine.faults({ method: 'getUpdates', fault: { kind: 'status', status: 409, body: conflict } });
    await start();
    await engine.with('boris').act('/message', { text: 'after the conflict' });
    await eventually(() => isDone('after the conflict'));
  });
});
