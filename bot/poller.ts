import { setTimeout as sleep } from 'node:timers/promises';
import type { Update } from '@grammyjs/types';
import type { StreamLocks } from '../db/stream-locks.ts';
import type { TelegramIntake } from '../gateway/telegram-intake.ts';
import type { Logger } from '../platform/logger.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import { allowedUpdates, parseUpdate } from '../providers/telegram/inbound.ts';
import type { BotMetrics } from './metrics.ts';

export interface PollerDeps {
  /** A way of its own to Telegram: a poll takes half a minute, and its failures say nothing about other calls. */
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly intake: TelegramIntake;
  readonly locks: Pick<StreamLocks, 'tryTake' | 'release'>;
  readonly wake: (streamKeys: readonly string[]) => void;
  readonly logger: Logger;
  readonly metrics: Pick<BotMetrics, 'taken'>;
  /** Breaks off the poll that is open: what it would have brought comes again. */
  readonly hangUp: () => void;
  /** How long Telegram holds a poll open when there is nothing to tell. */
  readonly holdSeconds?: number;
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

const conflictMs = 3_000;
const refusalTexts: Readonly<Record<string, string>> = {
  unauthorized: 'the bot token is refused',
  conflict: 'somebody else polls with this bot token',
};

/**
 * Fetches updates by long polling (contract of the Bot API, section 4.2). What is fetched is confirmed by the next poll
 * and only after it was stored; whatever goes wrong, the same updates come again.
 */
export function startPoller(deps: PollerDeps): Poller {
  const { logger } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
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
        failures += 1;
        logger.error({ err: error }, 'updates could not be taken in; they come again');
        await rest(Math.min(backoffMsMin * 2 ** Math.min(failures - 1, 5), backoffMsMax), signal);
      }
    }
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
    const streamKeys = new Set<string>();
    const answers: Promise<void>[] = [];
    try {
      for (const raw of updates) {
        const update = parseUpdate(raw);
        // A question about a payment waits for nothing that stands behind it.
        if (update?.kind === 'pre_checkout_query') answers.push(take(update).then(() => undefined));
        else if (update !== undefined && (await take(update)) === 'stored') streamKeys.add(update.streamKey);
        if (update === undefined) deps.metrics.taken.inc({ kind: 'unknown', outcome: 'ignored' });
      }
      await Promise.all(answers);
    } finally {
      deps.wake([...streamKeys]);
      await Promise.allSettled(answers);
    }
    const last = updates.at(-1);
    if (last !== undefined) offset = last.update_id + 1;
  }

  async function take(update: Parameters<TelegramIntake['take']>[0]): Promise<string> {
    const taken = await deps.intake.take(update);
    deps.metrics.taken.inc({ kind: update.kind, outcome: taken.kind });
    if (taken.kind !== 'answer') return taken.kind;
    const answer = await deps.telegram.call(taken.method, taken.payload);
    if (answer.outcome !== 'done') logger.warn({ outcome: answer.outcome }, 'a pre-checkout answer was not taken');
    return taken.kind;
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

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
