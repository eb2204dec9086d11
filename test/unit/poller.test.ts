import assert from 'node:assert/strict';
import { type PollerDeps, startPoller } from '../../bot/poller.ts';
import { done } from '../../core/result.ts';
import type { Taken, TelegramUpdate } from '../../gateway/telegram-intake.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';

const chat = { id: 7, type: 'private' };
const text = (updateId: number) => ({ update_id: updateId, message: { message_id: 1, date: 1, chat, text: 'hello' } });
const question = (updateId: number) => ({ update_id: updateId, pre_checkout_query: { id: `q${updateId}` } });

type Update = ReturnType<typeof text> | ReturnType<typeof question>;

/** A Telegram that gives what nobody has confirmed, at most one new update per poll, and an intake of the test's. */
function table(take: (update: TelegramUpdate) => Promise<Taken>) {
  const waiting: Update[] = [];
  const answered: unknown[] = [];
  const offsets: number[] = [];
  const pauses: number[] = [];
  const call = async (method: string, payload: { offset?: number; pre_checkout_query_id?: string }) => {
    if (method === 'answerPreCheckoutQuery') {
      answered.push(payload.pre_checkout_query_id);
      return done(true);
    }
    offsets.push(payload.offset ?? 0);
    await new Promise((resolve) => setImmediate(resolve));
    return done(waiting.filter(({ update_id }) => update_id >= (payload.offset ?? 0)));
  };
  const deps = {
    telegram: { call },
    intake: { take },
    locks: { tryTake: () => Promise.resolve(true), release: () => Promise.resolve() },
    wake: () => {},
    deliver: () => {},
    logger: silent,
    metrics: { taken: { inc: () => {} } },
    hangUp: () => {},
    storeWithinMs: 20,
    pause(ms: number) {
      pauses.push(ms);
      return new Promise((resolve) => setImmediate(resolve));
    },
  } as unknown as PollerDeps;
  return { waiting, answered, offsets, pauses, start: () => startPoller(deps) };
}

const never = new Promise<Taken>(() => undefined);
const yes = (update: TelegramUpdate): Taken => ({
  kind: 'answer',
  method: 'answerPreCheckoutQuery',
  payload: { pre_checkout_query_id: `q${update.updateId}`, ok: true },
});
const isQuestion = ({ kind }: TelegramUpdate) => kind === 'pre_checkout_query';

describe('a question before a payment that is polled', () => {
  it('W20: waits neither for what came before it, nor for what the database does with that', async () => {
    const { waiting, answered, start } = table((update) => (isQuestion(update) ? Promise.resolve(yes(update)) : never));
    const poller = start();
    waiting.push(text(1), question(2));
    await eventually(() => answered.includes('q2'));
    waiting.push(text(3), question(4));
    await eventually(() => answered.includes('q4'));
    assert.deepEqual(answered, ['q2', 'q4'], 'each is answered once, though it comes again');
    await poller.stop();
  });

  it('W20: waits for no other that has no answer yet', async () => {
    const held = Promise.withResolvers<Taken>();
    const asked: number[] = [];
    const { waiting, answered, start } = table((update) => {
      asked.push(update.updateId);
      return update.updateId === 1 ? held.promise : Promise.resolve(yes(update));
    });
    const poller = start();
    waiting.push(question(1));
    await eventually(() => asked.includes(1));
    waiting.push(question(2));
    await eventually(() => answered.includes('q2'), { withinMs: 5_000 });
    held.resolve(yes({ updateId: 1 } as TelegramUpdate));
    await poller.stop();
    assert.deepEqual(answered, ['q2', 'q1'], 'what is under way at the end is answered');
  });

  it('W20: is fetched within a second while the database is away, however long it has been', async () => {
    let isAway = true;
    const { waiting, answered, offsets, pauses, start } = table((update) => {
      if (isQuestion(update)) return Promise.resolve(yes(update));
      return isAway ? Promise.reject(new Error('connection refused')) : Promise.resolve({ kind: 'stored' });
    });
    const poller = start();
    waiting.push(text(1));
    await eventually(() => pauses.length >= 8);
    waiting.push(question(2));
    await eventually(() => answered.includes('q2'));
    assert.ok(Math.max(...pauses) <= 1_000, `${pauses.join()} ms`);
    isAway = false;
    await eventually(() => offsets.includes(3));
    await poller.stop();
  });
});
