import type { Update } from '@grammyjs/types';
import type { StreamLocks } from '../db/stream-locks.ts';
import type { Taken, TelegramIntake } from '../gateway/telegram-intake.ts';
import { inTime } from '../platform/in-time.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import { allowedUpdates, type InboundUpdate, parseUpdate } from '../providers/telegram/inbound.ts';
import type { BotMetrics } from './metrics.ts';

export interface PollerDeps {
  /** A way of its own to Telegram: a poll takes half a minute, and its failures say nothing about other calls. */
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly intake: TelegramIntake;
  readonly locks: Pick<StreamLocks, 'tryTake' | 'release'>;
  readonly wake: (streamKeys: readonly string[]) => void;
  /** Begins the delivery of payments that were stored; it is not waited for. */
  readonly deliver: (factStreamKey: string) => void;
  readonly logger: Logger;
  readonly metrics: Pick<BotMetrics, 'taken'>;
  /** Breaks off the poll that is open: what it would have brought comes again. */
  readonly hangUp: () => void;
  /** How long Telegram holds a poll open when there is nothing to tell. */
  readonly holdSeconds?: number;
  /** For tests: how long an update may take to be stored, and how the poller waits. */
  readonly storeWithinMs?: number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Poller {
  stop(): Promise<void>;
}

const holdSeconds = 25;
/** Beyond the time that the poll is held open. */
const answerMarginMs = 10_000;
const updatesPerPoll = 100;
/** Only one process polls: Telegram ends the older of two polls with a 409. */
const pollerLock = 'telegram/poller';
const lockEveryMs = 2_000;
const backoffMsMin = 1_000;
const backoffMsMax = 30_000;
/** Longer than this nobody waits for the database: among what has come meanwhile may be a question about a payment. */
const storeWithinMs = 2_000;

const conflictMs = 3_000;
const refusalTexts: Readonly<Record<string, string>> = {
  unauthorized: 'the bot token is refused',
  conflict: 'somebody else polls with this bot token',
};

/**
 * Fetches updates by long polling. What is fetched is confirmed by the next poll and only after it was stored; whatever
 * goes wrong, the same updates come again.
 */
export function startPoller(deps: PollerDeps): Poller {
  const { logger } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = deps.pause ?? pause;
  /** Questions about payments that were taken up, until they are confirmed to Telegram. */
  const asked = new Set<number>();
  const answering = new Set<Promise<void>>();
  const storing = new Map<number, Promise<Taken>>();
  let offset: number | undefined;
  let hasLock = false;
  const running = run();

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        hasLock ||= await deps.locks.tryTake(pollerLock);
        if (!hasLock) {
          await rest(lockEveryMs, signal);
          continue;
        }
        const waitMs = await poll();
        failures = waitMs === 0 ? 0 : failures + 1;
        if (waitMs > 0) await rest(Math.min(waitMs * 2 ** Math.min(failures - 1, 5), backoffMsMax), signal);
      } catch (error) {
        logger.error({ err: error }, 'updates could not be taken in; they come again');
        await rest(backoffMsMin, signal);
      }
    }
    await Promise.all(answering);
    if (hasLock) await deps.locks.release(pollerLock);
  }

  /** One poll; answers how long to wait before the next. */
  async function poll(): Promise<number> {
    const seconds = deps.holdSeconds ?? holdSeconds;
    const answer = await deps.telegram.call(
      'getUpdates',
      {
        timeout: seconds,
        limit: updatesPerPoll,
        allowed_updates: allowedUpdates,
        ...(offset === undefined ? {} : { offset }),
      },
      seconds * 1_000 + answerMarginMs,
    );
    switch (answer.outcome) {
      case 'done':
        await takeAll(answer.value);
        return 0;
      case 'refused':
        return refused(answer.code, answer.message);
      case 'not_sent':
        logger.warn({ reason: answer.reason }, 'Telegram cannot be polled');
        return answer.retryAfterMs ?? backoffMsMin;
      case 'unknown':
        // Nothing is lost: what was not confirmed comes again.
        logger.warn({ reason: answer.reason }, 'a poll has no answer');
        return backoffMsMin;
    }
  }

  async function takeAll(updates: readonly Update[]): Promise<void> {
    const parsed = updates.map((raw) => parseUpdate(raw));
    // A question about a payment waits for nothing: neither for what came with it, nor does the next poll for it.
    for (const update of parsed) if (update !== undefined && isQuestion(update)) takeUp(update);
    const streamKeys = new Set<string>();
    try {
      for (const update of parsed) {
        if (update === undefined) deps.metrics.taken.inc({ kind: 'unknown', outcome: 'ignored' });
        else if (!isQuestion(update)) {
          const taken = await storeSoon(update);
          if (taken.kind === 'stored') streamKeys.add(update.streamKey);
          if (taken.kind !== 'answer' && taken.factStreamKey !== undefined) deps.deliver(taken.factStreamKey);
        }
      }
    } finally {
      deps.wake([...streamKeys]);
    }
    const last = updates.at(-1);
    if (last === undefined) return;
    offset = last.update_id + 1;
    asked.clear();
  }

  function takeUp(update: InboundUpdate): void {
    if (asked.has(update.updateId)) return;
    asked.add(update.updateId);
    const work = take(update)
      .then(() => undefined)
      .catch((error: unknown) => logger.error({ err: error }, 'a question about a payment has no answer'))
      .finally(() => answering.delete(work));
    answering.add(work);
  }

  /** Stores an update, once however often it comes meanwhile. Throws when the database takes too long. */
  async function storeSoon(update: InboundUpdate): Promise<Taken> {
    const { updateId } = update;
    const work = storing.get(updateId) ?? take(update).finally(() => storing.delete(updateId));
    storing.set(updateId, work);
    const ms = deps.storeWithinMs ?? storeWithinMs;
    return inTime(work, ms, () => new Error(`not stored within ${ms} ms`));
  }

  async function take(update: InboundUpdate): Promise<Taken> {
    const taken = await deps.intake.take(update);
    deps.metrics.taken.inc({ kind: update.kind, outcome: taken.kind });
    if (taken.kind !== 'answer') return taken;
    const sent = await deps.telegram.call(taken.method, taken.payload);
    if (sent.outcome !== 'done') logger.warn({ outcome: sent.outcome }, 'a pre-checkout answer was not taken');
    return taken;
  }

  async function refused(code: string, message: string): Promise<number> {
    if (code === 'conflict' && /webhook/.test(message)) {
      logger.warn({ message }, 'a webhook is set where this bot polls; it is removed');
      await deps.telegram.call('deleteWebhook', {});
      return backoffMsMin;
    }
    logger.error({ code, message }, refusalTexts[code] ?? 'a poll is refused');
    if (code !== 'conflict') return code === 'unauthorized' ? backoffMsMax : backoffMsMin;
    // It may be one of us, who took the lock when its connection broke.
    hasLock = false;
    await deps.locks.release(pollerLock);
    return conflictMs;
  }

  return {
    async stop() {
      stopping.abort();
      deps.hangUp();
      await running;
    },
  };
}

function isQuestion(update: InboundUpdate): boolean {
  return update.kind === 'pre_checkout_query';
}
