import { notSent, type Outcome } from '../core/result.ts';
import type { SendTurn, SendTurns } from '../db/send-turns.ts';
import type { Logger } from '../platform/logger.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import type { MethodName, MethodPayload, MethodResult } from '../providers/telegram/methods.ts';
import type { Sender, SendPriority, SendWay } from './ports.ts';
import { createPace, type Weight } from './send-pace.ts';
import { chatEveryMs, type SendLimits, telegramLimits } from './send-limits.ts';

/** The time of the queue, so that tests can let hours go by. */
export interface QueueClock {
  /** Milliseconds that never run backwards. */
  now(): number;
  /** Runs something later; answers how to take it back. */
  after(ms: number, run: () => void): () => void;
}

export interface SendQueueDeps {
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly logger: Logger;
  /** Told of chats that cannot be written to (T7). */
  readonly unreachable: (chatId: number) => Promise<void>;
  readonly limits?: SendLimits;
  /** The turns that all processes take from one count; absent: this process keeps the limits alone. */
  readonly turns?: Pick<SendTurns, 'take' | 'pause'>;
  readonly clock?: QueueClock;
  readonly observe?: (call: { method: string; outcome: string; waitedMs: number }) => void;
}

export interface SendQueue extends Sender {
  /** How many wait for their turn. */
  waiting(): number;
  /** Whoever waits is told `not_sent`; what is under way ends. */
  stop(): Promise<void>;
}

interface Item {
  readonly method: MethodName;
  readonly payload: unknown;
  readonly way: SendWay;
  readonly chatId: number;
  readonly order: number;
  readonly since: number;
  readonly settle: (outcome: Outcome<unknown>) => void;
  readonly forgetPatience: () => void;
}

/** What comes before what, between chats. */
const ranks: Readonly<Record<SendPriority, number>> = { reply: 0, notice: 1, bulk: 2 };
/** What Telegram does not count as messages, and what is worth nothing when it comes late. */
const uncounted = new Set<MethodName>(['answerCallbackQuery', 'answerPreCheckoutQuery', 'answerWebAppQuery']);
/** What takes something away from a chat; it counts for all chats together, and not as a message of its own. */
const writingNothing = new Set<MethodName>(['editMessageReplyMarkup', 'deleteMessage', 'deleteMessages']);
/** Between tries of a call that did not reach Telegram. */
const unreachedMs = 1_000;

/**
 * The one queue of everything that chats see. First come, first served within a chat, one at a time, so that nobody
 * reads of a payment after what they did with it; only bulk stands behind everything else. Between chats those with a
 * reply go before those with notices, and these before bulk. A 429 stops its chat, or everything when several chats in
 * a row get one, for exactly as long as Telegram says.
 */
export function createSendQueue(deps: SendQueueDeps): SendQueue {
  const clock = deps.clock ?? realClock;
  const limits = deps.limits ?? telegramLimits;
  const pace = createPace(limits);
  /** What people wait for and what they do not, each by chat. */
  const lines = { talk: new Map<number, Item[]>(), bulk: new Map<number, Item[]>() };
  const underWay = new Map<number, Promise<void>>();
  let order = 0;
  let isStopped = false;
  let cancelTimer: (() => void) | undefined;

  function lineOf({ way }: Item): Map<number, Item[]> {
    return way.priority === 'bulk' ? lines.bulk : lines.talk;
  }

  function enqueue(item: Item, place: 'last' | 'first' = 'last'): void {
    const chat = lineOf(item).get(item.chatId) ?? [];
    if (place === 'last') chat.push(item);
    else chat.unshift(item);
    lineOf(item).set(item.chatId, chat);
  }

  function remove(item: Item): boolean {
    const chat = lineOf(item).get(item.chatId) ?? [];
    const position = chat.indexOf(item);
    if (position < 0) return false;
    chat.splice(position, 1);
    if (chat.length === 0) lineOf(item).delete(item.chatId);
    return true;
  }

  /** The next call whose chat and whose turn allow it, and else how long nothing will. */
  function next(now: number): Item | number {
    let waitMs = pace.waitMs(now);
    if (waitMs > 0) return waitMs;
    waitMs = Number.POSITIVE_INFINITY;
    let best: { readonly item: Item; readonly rank: number } | undefined;
    for (const [chatId, waiting] of [...lines.talk, ...lines.bulk]) {
      const [item] = waiting;
      if (item === undefined || underWay.has(chatId)) continue;
      const chatWaitMs = pace.chatWaitMs(chatId, now, weightOf(item.method));
      if (chatWaitMs > 0) {
        waitMs = Math.min(waitMs, chatWaitMs);
        continue;
      }
      const rank = urgencyOf(waiting);
      if (best === undefined || rank < best.rank || (rank === best.rank && item.order < best.item.order))
        best = { item, rank };
    }
    return best?.item ?? waitMs;
  }

  function turn(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    while (!isStopped) {
      const found = next(clock.now());
      if (typeof found === 'number') {
        if (Number.isFinite(found)) cancelTimer = clock.after(found, turn);
        return;
      }
      remove(found);
      pace.take(found.chatId, clock.now(), weightOf(found.method));
      const sending = send(found).finally(() => {
        underWay.delete(found.chatId);
        turn();
      });
      underWay.set(found.chatId, sending);
    }
  }

  async function send(item: Item): Promise<void> {
    const { method, payload, way, chatId } = item;
    try {
      if (!(await hasTurn(item))) return;
      if (way.mayLeave !== undefined && !(await way.mayLeave())) return finish(item, notSent('taken_back'));
      const outcome: Outcome<unknown> = await deps.telegram.call(method, payload as never);
      if (outcome.outcome !== 'not_sent') {
        pace.heard(chatId);
        await noteDeadEnd(deps, chatId, outcome);
        return finish(item, outcome);
      }
      const { reason, retryAfterMs = unreachedMs } = outcome;
      deps.logger.warn({ method, reason, retryAfterMs }, 'Telegram does not take this now; it waits');
      if (reason === 'rate_limited') await obey(chatId, retryAfterMs);
      else pace.pause({ now: clock.now(), forMs: retryAfterMs });
      // Who marks its calls as they leave must take the mark back, and come again.
      if (isStopped || way.mayLeave !== undefined) finish(item, outcome);
      else enqueue(item, 'first');
    } catch (error) {
      deps.logger.error({ err: error, method }, 'a call could not be made');
      finish(item, notSent('not_prepared'));
    }
  }

  /** Whether the other processes leave room for a call; otherwise it stands first in its line again. */
  async function hasTurn(item: Item): Promise<boolean> {
    const { chatId, method } = item;
    const { scope, waitMs } = await takeTurn(item);
    if (waitMs === 0) return true;
    pace.giveBack(chatId, weightOf(method));
    const pause = { now: clock.now(), forMs: waitMs };
    if (scope === 'all') pace.pause(pause);
    else pace.pauseChat(chatId, pause);
    if (isStopped) finish(item, notSent('ending'));
    else enqueue(item, 'first');
    return false;
  }

  /** Where the shared count does not answer, this process keeps the limits by itself: people must hear of a fault. */
  async function takeTurn({ chatId, method, way }: Item): Promise<SendTurn> {
    const free: SendTurn = { scope: 'chat', waitMs: 0 };
    if (deps.turns === undefined || !Number.isFinite(limits.atOnceMax)) return free;
    const priority = urgentNow(chatId, way.priority);
    try {
      return await deps.turns.take({
        chatId,
        weight: weightOf(method),
        priority,
        limits: { ...limits, chatEveryMs: chatEveryMs(limits, chatId) },
      });
    } catch (error) {
      deps.logger.warn({ err: error }, 'the turns of all processes cannot be counted; this one keeps its own');
      return free;
    }
  }

  /** A notice that a reply waits behind is as urgent as the reply. */
  function urgentNow(chatId: number, own: SendPriority): SendPriority {
    const isUrged = own === 'notice' && lines.talk.get(chatId)?.some(({ way }) => way.priority === 'reply') === true;
    return isUrged ? 'reply' : own;
  }

  /** What Telegram says to one process holds for all. */
  async function obey(chatId: number, forMs: number): Promise<void> {
    const scope = pace.refused(chatId, { now: clock.now(), forMs });
    try {
      await deps.turns?.pause(scope === 'chat' ? chatId : undefined, forMs);
    } catch (error) {
      deps.logger.warn({ err: error }, 'the other processes could not be told to wait');
    }
  }

  function finish(item: Item, outcome: Outcome<unknown>): void {
    item.forgetPatience();
    deps.observe?.({ method: item.method, outcome: outcome.outcome, waitedMs: clock.now() - item.since });
    item.settle(outcome);
  }

  function join(method: MethodName, payload: unknown, way: SendWay & { chatId: number }): Promise<Outcome<unknown>> {
    return new Promise((settle) => {
      order += 1;
      const { chatId, patienceMs } = way;
      const giveUp = () => remove(item) && finish(item, notSent('out_of_patience'));
      const forgetPatience = patienceMs === undefined ? () => {} : clock.after(patienceMs, giveUp);
      const item: Item = { method, payload, way, chatId, order, since: clock.now(), settle, forgetPatience };
      enqueue(item);
      turn();
    });
  }

  return {
    async call<M extends MethodName>(method: M, payload: MethodPayload<M>, way: SendWay) {
      if (isStopped) return notSent('ending');
      const { chatId } = way;
      if (chatId === undefined || uncounted.has(method)) return deps.telegram.call(method, payload);
      return (await join(method, payload, { ...way, chatId })) as Outcome<MethodResult<M>>;
    },
    waiting: () => [...lines.talk.values(), ...lines.bulk.values()].reduce((sum, { length }) => sum + length, 0),
    async stop() {
      isStopped = true;
      cancelTimer?.();
      for (const line of Object.values(lines)) {
        for (const item of [...line.values()].flat()) finish(item, notSent('ending'));
        line.clear();
      }
      await Promise.all(underWay.values());
    },
  };
}

function weightOf(method: MethodName): Weight {
  return writingNothing.has(method) ? 0 : 1;
}

/** Of the most urgent call in a chat's line: what stands before a reply holds the reply up. */
function urgencyOf(waiting: readonly Item[]): number {
  return Math.min(...waiting.map(({ way }) => ranks[way.priority]));
}

const deadEnds = new Set(['blocked', 'chat_not_found', 'chat_migrated']);

/** A chat that cannot be written to is remembered; the caller learns it as any other refusal. */
async function noteDeadEnd(deps: SendQueueDeps, chatId: number, outcome: Outcome<unknown>): Promise<void> {
  if (outcome.outcome !== 'refused' || !deadEnds.has(outcome.code)) return;
  deps.logger.info({ code: outcome.code }, 'a chat cannot be written to');
  try {
    await deps.unreachable(chatId);
  } catch (error) {
    deps.logger.warn({ err: error }, 'a chat that cannot be written to could not be marked');
  }
}

const realClock: QueueClock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.ceil(ms));
    return () => clearTimeout(timer);
  },
};
