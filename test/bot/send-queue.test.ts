import assert from 'node:assert/strict';
import type { SendPriority } from '../../bot/ports.ts';
import { telegramLimits } from '../../bot/send-limits.ts';
import { createSendQueue, type SendQueue } from '../../bot/send-queue.ts';
import { done, notSent, type Outcome, refused, unknown } from '../../core/result.ts';
import type { TelegramClient } from '../../providers/telegram/client.ts';
import { silent } from '../support/log.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

interface Sent {
  readonly at: number;
  readonly chatId: number;
  readonly text: string;
}

describe('the queue of what chats see', () => {
  let clock: VirtualClock;
  let queue: SendQueue;
  let sent: Sent[];
  let unreachable: number[];
  /** What Telegram answers to the next messages of a chat; then it takes everything. */
  let answers: Map<number, Outcome<unknown>[]>;

  beforeEach(() => {
    clock = createVirtualClock();
    sent = [];
    unreachable = [];
    answers = new Map();
    const telegram = {
      async call(_: string, payload: { chat_id: number; text: string }) {
        sent.push({ at: Math.round(clock.now()), chatId: payload.chat_id, text: payload.text });
        return answers.get(payload.chat_id)?.shift() ?? done({ message_id: sent.length });
      },
    } as unknown as TelegramClient;
    queue = createSendQueue({
      telegram,
      clock,
      logger: silent,
      unreachable: async (chatId) => void unreachable.push(chatId),
    });
  });

  function send(chatId: number, text: string, priority: SendPriority = 'reply') {
    return queue.call('sendMessage', { chat_id: chatId, text }, { chatId, priority });
  }

  const textsTo = (chatId: number) => sent.filter((call) => call.chatId === chatId).map(({ text }) => text);
  const timesTo = (chatId: number) => sent.filter((call) => call.chatId === chatId).map(({ at }) => at);

  it('lets a chat have three at once and then one a second, in the order in which they were given', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e']) void send(1, text);
    await clock.goOn(10_000);
    assert.deepEqual(textsTo(1), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual(timesTo(1), [0, 0, 0, 1_000, 2_000]);
  });

  it('counts no message where a keyboard is taken away or a message deleted, and keeps the order', async () => {
    const way = { chatId: 1, priority: 'reply' } as const;
    for (const text of ['a', 'b']) void send(1, text);
    for (let messageId = 1; messageId <= 5; messageId += 1) {
      void queue.call('deleteMessage', { chat_id: 1, message_id: messageId }, way);
    }
    void send(1, 'c');
    void send(1, 'd');
    await clock.goOn(3_000);
    assert.deepEqual(timesTo(1), [0, 0, 0, 0, 0, 0, 0, 0, 1_000]);
    assert.deepEqual(textsTo(1).slice(-2), ['c', 'd']);
  });

  it('keeps the order of a chat between news and answers, so that what was paid is told before what it bought', async () => {
    for (const text of ['a', 'b', 'c']) void send(1, text);
    void send(1, 'for many', 'bulk');
    void send(1, 'credited', 'notice');
    void send(1, 'your picture is ready', 'reply');
    await clock.goOn(5_000);
    assert.deepEqual(textsTo(1), ['a', 'b', 'c', 'credited', 'your picture is ready', 'for many']);
  });

  it('takes a notice that a reply waits behind for as urgent as the reply', async () => {
    for (let chat = 101; chat <= 130; chat += 1) void send(chat, 'fills the window');
    for (let chat = 201; chat <= 231; chat += 1) void send(chat, 'notice', 'notice');
    void send(1, 'credited', 'notice');
    void send(1, 'reply');
    await clock.goOn(2_000);
    assert.deepEqual(sent[30], { at: telegramLimits.windowMs, chatId: 1, text: 'credited' });
  });

  it('T10: sends no more than 30 in any window of a second, and replies before notices before bulk', async () => {
    for (let chat = 1; chat <= 100; chat += 1) void send(chat, 'bulk', 'bulk');
    for (let chat = 201; chat <= 240; chat += 1) void send(chat, 'notice', 'notice');
    await clock.goOn(500);
    for (let chat = 301; chat <= 310; chat += 1) void send(chat, 'reply');
    await clock.goOn(10_000);
    assert.equal(sent.length, 150);
    for (const { at } of sent) {
      const within = sent.filter((other) => other.at >= at && other.at < at + 1_000).length;
      assert.ok(within <= 30, `${within} from ${at}`);
    }
    const second = sent.filter(({ at }) => at >= 1_000 && at < 2_000).map(({ text }) => text);
    assert.deepEqual(
      second.slice(0, 10),
      Array.from({ length: 10 }, () => 'reply'),
    );
    const firstBulkAgain = sent.findIndex(({ at, text }) => at >= 1_000 && text === 'bulk');
    assert.ok(!sent.slice(firstBulkAgain).some(({ text }) => text !== 'bulk'));
  });

  for (const seconds of [3, 5_329]) {
    it(`T6: waits exactly when a chat is told to wait ${seconds} s; others go on`, async () => {
      answers.set(1, [notSent('rate_limited', seconds * 1_000)]);
      const first = send(1, 'first');
      void send(1, 'second');
      await clock.goOn(seconds * 1_000 - 1);
      void send(2, 'another chat');
      await clock.goOn(0);
      assert.deepEqual(textsTo(2), ['another chat']);
      assert.deepEqual(textsTo(1), ['first']);
      await clock.goOn(60_000);
      assert.deepEqual(textsTo(1), ['first', 'first', 'second']);
      assert.equal(timesTo(1)[1], seconds * 1_000);
      assert.equal((await first).outcome, 'done');
    });
  }

  it('T6: holds everything when chats in a row are told to wait, and goes on at the end of it', async () => {
    for (const chat of [1, 2, 3]) answers.set(chat, [notSent('rate_limited', 7_000)]);
    for (const chat of [1, 2, 3]) void send(chat, 'x');
    await clock.goOn(0);
    void send(4, 'y');
    await clock.goOn(6_999);
    assert.deepEqual(timesTo(4), []);
    await clock.goOn(2_000);
    assert.deepEqual(timesTo(4), [7_000]);
    for (const chat of [1, 2, 3]) assert.deepEqual(timesTo(chat), [0, 7_000]);
  });

  it('T7: tells of chats that cannot be written to, and repeats nothing', async () => {
    answers.set(1, [refused('blocked', 'Forbidden: bot was blocked by the user')]);
    answers.set(2, [refused('chat_not_found', 'Bad Request: chat not found')]);
    answers.set(3, [refused('chat_migrated', 'Bad Request: group chat was upgraded to a supergroup chat')]);
    answers.set(4, [refused('bad_request', 'Bad Request: message text is empty')]);
    const outcomes = await Promise.all([1, 2, 3, 4].map((chat) => send(chat, 'x')));
    await clock.goOn(60_000);
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ['refused', 'refused', 'refused', 'refused'],
    );
    assert.deepEqual(unreachable, [1, 2, 3]);
    assert.equal(sent.length, 4);
  });

  it('never repeats what may have been sent', async () => {
    answers.set(1, [unknown('timeout')]);
    assert.equal((await send(1, 'once')).outcome, 'unknown');
    await clock.goOn(60_000);
    assert.deepEqual(textsTo(1), ['once']);
  });

  it('sends again what never reached Telegram', async () => {
    answers.set(1, [notSent('connection_refused'), notSent('breaker_open', 3_000)]);
    const answer = send(1, 'x');
    await clock.goOn(20_000);
    assert.equal((await answer).outcome, 'done');
    assert.deepEqual(timesTo(1), [0, 1_000, 4_000]);
  });

  it('asks whether a call may still leave when its turn has come, and not before', async () => {
    const asked: number[] = [];
    for (const text of ['a', 'b', 'c']) void send(1, text);
    const mayLeave = async () => {
      asked.push(clock.now());
      return false;
    };
    const answer = queue.call('sendMessage', { chat_id: 1, text: 'd' }, { chatId: 1, priority: 'reply', mayLeave });
    await clock.goOn(5_000);
    assert.deepEqual(await answer, notSent('taken_back'));
    assert.deepEqual(asked, [1_000]);
    assert.deepEqual(textsTo(1), ['a', 'b', 'c']);
  });

  it('gives up what has lost patience, answers taps at once, and lets nobody wait at the end', async () => {
    answers.set(1, [notSent('rate_limited', 100_000)]);
    void send(1, 'stuck');
    await clock.goOn(0);
    const way = { chatId: 1, priority: 'notice', patienceMs: 5_000 } as const;
    const impatient = queue.call('sendMessage', { chat_id: 1, text: 'late' }, way);
    await clock.goOn(5_000);
    assert.deepEqual(await impatient, notSent('out_of_patience'));
    const tap = { callback_query_id: 'q' };
    assert.equal((await queue.call('answerCallbackQuery', tap, { chatId: 1, priority: 'reply' })).outcome, 'done');
    const waiting = send(1, 'never');
    assert.equal(queue.waiting(), 2);
    await queue.stop();
    assert.deepEqual(await waiting, notSent('ending'));
    assert.deepEqual(await send(2, 'too late'), notSent('ending'));
  });

  it('keeps the limits of Telegram', () => {
    assert.deepEqual([telegramLimits.atOnceMax, telegramLimits.chatBurst, telegramLimits.chatEveryMs], [30, 3, 1_000]);
  });
});
