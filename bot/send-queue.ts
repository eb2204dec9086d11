import { notSent, type Outcome } from '../core/result.ts';
import type { Logger } from '../platform/logger.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import type { MethodName, MethodPayload, MethodResult } from '../providers/telegram/methods.ts';
import type { Sender, SendPriority, SendWay } from './ports.ts';
import { createPace, type Weight } from './send-pace.ts';
import { type SendLimits, telegramLimits } from './send-limits.ts';

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

const priorities: readonly SendPriority[] = ['reply', 'notice', 'bulk'];
/** What Telegram does not count as messages, and what is worth nothing when it comes late. */
const uncounted = new Set<MethodName>(['answerCallbackQuery', 'answerPreCheckoutQuery', 'answerWebAppQuery']);
/** What takes something away from a chat; it counts for all chats together, and not as a message of its own. */
const writingNothing = new Set<MethodName>(['editMessageReplyMarkup', 'deleteMessage', 'deleteMessages']);
/** Between tries of a call that did not reach Telegram. */
const unreachedMs = 1_000;

/**
 * The one queue of everything that chats see. First come, first served per chat and priority, one at a time per chat;
 * replies go before notices and these before bulk. A 429 stops its chat, or everything when several chats in a row get
 * one, for exactly as long as Telegram says (contract of the Bot API, section 4.4).
 */
export function createSendQueue(deps: SendQueueDeps): SendQueue {
  const clock = deps.clock ?? realClock;
  const pace = createPace(deps.limits ?? telegramLimits);
  const lines = new Map<SendPriority, Map<number, Item[]>>(priorities.map((name) => [name, new Map<number, Item[]>()]));
  const underWay = new Map<number, Promise<void>>();
  let order = 0;
  let isStopped = false;
  let cancelTimer: (() => void) | undefined;

  function enqueue(item: Item, place: 'last' | 'first' = 'last'): void {
    const line = lines.get(item.way.priority);
    const chat = line?.get(item.chatId) ?? [];
    if (place === 'last') chat.push(item);
    else chat.unshift(item);
    line?.set(item.chatId, chat);
  }

  function remove(item: Item): boolean {
    const line = lines.get(item.way.priority);
    const chat = line?.get(item.chatId) ?? [];
    const position = chat.indexOf(item);
    if (position < 0) return false;
    chat.splice(position, 1);
    if (chat.length === 0) line?.delete(item.chatId);
    return true;
  }

  /** The next call whose chat and whose turn allow it, and else how long nothing will. */
  function next(now: number): Item | number {
    let waitMs = pace.waitMs(now);
    if (waitMs > 0) return waitMs;
    waitMs = Number.POSITIVE_INFINITY;
    for (const priority of priorities) {
      let best: Item | undefined;
      for (const [chatId, [head]] of lines.get(priority) ?? []) {
        if (head === undefined || underWay.has(chatId)) continue;
        const chatWaitMs = pace.chatWaitMs(chatId, now, weightOf(head.method));
        if (chatWaitMs > 0) waitMs = Math.min(waitMs, chatWaitMs);
        else if (best === undefined || head.order < best.order) best = head;
      }
      if (best !== undefined) return best;
    }
    return waitMs;
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
      if (way.mayLeave !== undefined && !(await way.mayLeave())) return finish(item, notSent('taken_back'));
      const outcome: Outcome<unknown> = await deps.telegram.call(method, payload as never);
      if (outcome.outcome !== 'not_sent') {
        pace.heard(chatId);
        await noteDeadEnd(deps, chatId, outcome);
        return finish(item, outcome);
      }
      const { reason, retryAfterMs = unreachedMs } = outcome;
      deps.logger.warn({ method, reason, retryAfterMs }, 'Telegram does not take this now; it waits');
      if (reason === 'rate_limited') pace.refused(chatId, { now: clock.now(), forMs: retryAfterMs });
      else pace.pause({ now: clock.now(), forMs: retryAfterMs });
      // Who marks its calls as they leave must take the mark back, and come again.
      if (isStopped || way.mayLeave !== undefined) finish(item, outcome);
      else enqueue(item, 'first');
    } catch (error) {
      deps.logger.error({ err: error, method }, 'a call could not be made');
      finish(item, notSent('not_prepared'));
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
    waiting: () =>
      [...lines.values()].flatMap((line) => [...line.values()]).reduce((sum, { length }) => sum + length, 0),
    async stop() {
      isStopped = true;
      cancelTimer?.();
      for (const line of lines.values()) {
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
