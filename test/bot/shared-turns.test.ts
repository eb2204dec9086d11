import assert from 'node:assert/strict';
import { createSendTurns, type TurnRequest } from '../../db/send-turns.ts';
import { telegramLimits } from '../../bot/send-limits.ts';
import { createSendQueue } from '../../bot/send-queue.ts';
import { done, notSent, type Outcome } from '../../core/result.ts';
import { createHttp } from '../../providers/http.ts';
import { createTelegramClient } from '../../providers/telegram/client.ts';
import { type BotEngine, openBotEngine } from '../support/bot-engine.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';

const chatCount = 75;

describe('two processes that write to chats', function () {
  this.timeout(60_000);
  let engine: BotEngine;
  before(async () => {
    engine = await openBotEngine();
  });
  beforeEach(() => engine.owner.query('TRUNCATE app.send_window, app.send_chat'));
  after(() => engine.stop());

  const chats = Array.from({ length: chatCount }, (_, index) => 7_300_000_000 + index);
  const nobody = async () => {};

  /** The queue of a process of its own, at whose Telegram every call is noted. */
  function processOf(note: (chatId: number, text: string) => Outcome<unknown>) {
    const telegram = {
      call: async (_: string, { chat_id: chatId, text }: { chat_id: number; text: string }) => note(chatId, text),
    } as never;
    const turns = createSendTurns(engine.pool);
    return createSendQueue({ telegram, logger: silent, unreachable: nobody, turns });
  }

  const send = (queue: ReturnType<typeof processOf>, chatId: number, what: 'reply' | 'bulk') =>
    queue.call('sendMessage', { chat_id: chatId, text: what }, { chatId, priority: what });

  it('T10: send no more than 30 together in any window of a second, and replies of one before bulk of the other', async () => {
    const sent: { at: number; text: string }[] = [];
    const note = (_: number, text: string) => (sent.push({ at: performance.now(), text }), done({}));
    const [first, second] = [processOf(note), processOf(note)];
    const bulk = chats.map((chatId) => send(first, chatId, 'bulk'));
    await eventually(() => sent.length >= 30);
    const replies = chats.slice(0, 20).map((chatId) => send(second, -chatId, 'reply'));
    await Promise.all([...bulk, ...replies]);
    for (const { at } of sent) {
      const within = sent.filter((other) => other.at >= at && other.at < at + 1_000).length;
      assert.ok(within <= 30, `${within} in a second`);
    }
    const next = sent.slice(30, 60).map(({ text }) => text);
    assert.ok(next.lastIndexOf('reply') < 25, next.join(' '));
    assert.equal(next.filter((text) => text === 'reply').length, 20);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('T10: are never told by Telegram that they flood, neither it nor a chat', async () => {
    await engine.control('/options', { floodLimits: true });
    for (const telegramId of chats) await engine.control('/people', { telegramId, firstName: 'N', language: 'en' });
    for (const telegramId of chats) await engine.control(`/people/${telegramId}/start`, {});
    const outcomes: string[] = [];
    const { api, url } = engine;
    const queues = [0, 1].map(() => {
      const http = createHttp({ provider: 'telegram', logger: silent, breaker: { failures: 1_000_000 } });
      const telegram = createTelegramClient({ apiUrl: url, botToken: api.config.botToken, http });
      const call: typeof telegram.call = async (method, payload) => {
        const answer = await telegram.call(method, payload);
        outcomes.push(answer.outcome === 'not_sent' ? answer.reason : answer.outcome);
        return answer;
      };
      const turns = createSendTurns(engine.pool);
      // A loaded machine delivers unevenly; without one count for both, twice as many would come in this window too.
      const limits = { ...telegramLimits, windowMs: 1_500 };
      const queue = createSendQueue({ telegram: { call }, logger: silent, unreachable: nobody, turns, limits });
      return { queue, close: () => http.close() };
    });
    const wanted = queues.flatMap(({ queue }) => chats.map((chatId) => send(queue, chatId, 'reply')));
    await Promise.all(wanted);
    assert.deepEqual(new Set(outcomes), new Set(['done']));
    assert.equal(outcomes.length, 2 * chatCount);
    for (const { queue, close } of queues) {
      await queue.stop();
      close();
    }
    await engine.control('/options', { floodLimits: false });
  });

  it('T6: obey what Telegram has said to one of them', async () => {
    const sent: { at: number; text: string }[] = [];
    let isTold = false;
    const note = (_: number, text: string): Outcome<unknown> => {
      sent.push({ at: performance.now(), text });
      if (isTold) return done({});
      isTold = true;
      return notSent('rate_limited', 2_000);
    };
    const [first, second] = [processOf(note), processOf(note)];
    const answer = send(first, 1, 'bulk');
    await eventually(async () => (await engine.owner.query('SELECT 1 FROM app.send_chat')).rowCount === 1);
    await eventually(async () => {
      const { rows } = await engine.owner.query('SELECT paused_until > now() AS waits FROM app.send_chat');
      return rows[0]?.waits === true;
    });
    await Promise.all([answer, send(second, 1, 'reply')]);
    const [told, ...later] = sent;
    assert.deepEqual(later.map(({ text }) => text).toSorted(), ['bulk', 'reply']);
    assert.ok(
      later.every(({ at }) => at - (told?.at ?? 0) >= 1_990),
      JSON.stringify(sent),
    );
    await Promise.all([first.stop(), second.stop()]);
  });

  it('keep one message a second per chat together, after a burst of three', async () => {
    const turns = createSendTurns(engine.pool);
    const request: TurnRequest = {
      chatId: 1,
      weight: 1,
      priority: 'reply',
      limits: { ...telegramLimits, chatEveryMs: telegramLimits.chatEveryMs },
    };
    const waits = [];
    for (let asked = 0; asked < 4; asked += 1) waits.push((await turns.take(request)).waitMs);
    const [last = 0] = waits.splice(3);
    assert.deepEqual(waits, [0, 0, 0]);
    assert.ok(last > 500 && last <= 1_000, String(last));
  });
});
