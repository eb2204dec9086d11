import type { Update } from '@grammyjs/types';
import { limits } from '../core/limits.ts';
import type { BotUpdates, UpdateTurn } from '../db/bot-updates.ts';
import type { StreamLocks } from '../db/stream-locks.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { isTemporalSilence } from '../gateway/ask.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import type { BotMetrics } from './metrics.ts';
import type { UpdateHandler } from './ports.ts';

export interface UpdatePumpDeps {
  readonly updates: Pick<BotUpdates, 'dueStreams' | 'begin' | 'finish' | 'postpone' | 'setAside'>;
  readonly locks: Pick<StreamLocks, 'tryTake' | 'release'>;
  readonly handler: UpdateHandler;
  /** Told of each update before it is handled: who has shown up again, and who has gone. */
  readonly notice: (update: Update) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Pick<BotMetrics, 'handled' | 'handling'>;
  readonly failpoint: Failpoint;
  readonly slowMs?: number;
  readonly retryDelayMs?: number;
}

export interface UpdatePump {
  /** Handles what is due in these streams now; without names, what is due anywhere. */
  wake(streamKeys?: readonly string[]): void;
  /** Begins nothing more and waits for what is under way, up to `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const lookEveryMs = 500;
const dueMax = 200;
/** After the first failure; each further one doubles it. */
const retryDelayMs = 1_000;

/**
 * Hands stored updates to the bot: one after the other within a chat, chats side by side, each chat by one process at a
 * time. Whoever stores an update wakes this; a look every 500 ms finds what nobody spoke of.
 */
export function createUpdatePump(deps: UpdatePumpDeps): UpdatePump {
  const { logger } = deps;
  const active = new Map<string, Promise<void>>();
  /** Woken while they were at work, or while all hands were full. */
  const again = new Set<string>();
  const stopping = new AbortController();
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => look(), lookEveryMs);

  function begin(streamKey: string): void {
    if (stopping.signal.aborted) return;
    if (active.has(streamKey) || active.size >= limits.chatsAtOnceMax) {
      again.add(streamKey);
      return;
    }
    again.delete(streamKey);
    const running = run(streamKey).finally(() => {
      active.delete(streamKey);
      const [next] = again.has(streamKey) ? [streamKey] : again;
      if (next !== undefined) begin(next);
    });
    active.set(streamKey, running);
    deps.metrics.handling.set(active.size);
  }

  async function run(streamKey: string): Promise<void> {
    try {
      if (!(await deps.locks.tryTake(streamKey))) return;
      try {
        while (!stopping.signal.aborted && (await handleHead(deps, streamKey)));
      } finally {
        await deps.locks.release(streamKey);
      }
    } catch (error) {
      logger.warn({ err: error, streamKey }, 'a stream of updates could not be read; it is looked at again');
    }
  }

  function look(): void {
    looking ??= findDue().finally(() => (looking = undefined));
  }

  async function findDue(): Promise<void> {
    try {
      for (const streamKey of await deps.updates.dueStreams(dueMax)) begin(streamKey);
    } catch (error) {
      logger.warn({ err: error }, 'the updates could not be read; they are looked at again');
    }
  }

  return {
    wake(streamKeys) {
      if (streamKeys === undefined) look();
      else for (const streamKey of streamKeys) begin(streamKey);
    },
    async stop(graceMs) {
      stopping.abort();
      clearInterval(timer);
      const ended = new AbortController();
      const handled = Promise.all([looking, ...active.values()]).finally(() => ended.abort());
      await Promise.race([handled, pause(graceMs, ended.signal)]);
    },
  };
}

/** Handles the oldest update of a stream, if it is due; answers whether the stream may go on. */
async function handleHead(deps: UpdatePumpDeps, streamKey: string): Promise<boolean> {
  const turn = await deps.updates.begin(streamKey);
  if (turn === null) return false;
  if (turn.attempts > limits.updateAttemptsMax) {
    deps.logger.error({ updateId: turn.updateId }, 'an update has ended the process too often; it is set aside');
    await deps.updates.setAside(turn.updateId, 'begun too often without an end');
    deps.metrics.handled.inc({ kind: turn.kind, outcome: 'set_aside' });
    return true;
  }
  try {
    await handle(deps, turn);
  } catch (error) {
    return fail(deps, turn, error);
  }
  await deps.updates.finish(turn.updateId);
  deps.metrics.handled.inc({ kind: turn.kind, outcome: 'done' });
  return true;
}

async function handle(deps: UpdatePumpDeps, turn: UpdateTurn): Promise<void> {
  const { slowMs = limits.updateSlowMs } = deps;
  const startedAt = performance.now();
  const report = setInterval(() => {
    const ms = Math.round(performance.now() - startedAt);
    deps.logger.error({ updateId: turn.updateId, kind: turn.kind, ms }, 'an update is still being handled');
    deps.metrics.handled.inc({ kind: turn.kind, outcome: 'slow' });
  }, slowMs);
  try {
    const update = JSON.parse(turn.body) as Update;
    await deps.notice(update);
    await deps.failpoint('bot.before-handle');
    await deps.handler.handle(update, { isRepeat: turn.isRepeat });
    await deps.failpoint('bot.after-handle');
  } finally {
    clearInterval(report);
  }
}

/** Postpones an update; what Temporal or the database do is not its fault and costs it no attempt. */
async function fail(deps: UpdatePumpDeps, turn: UpdateTurn, error: unknown): Promise<boolean> {
  const { updateId, kind, attempts } = turn;
  const counts = !isTemporalSilence(error) && !isUnavailable(error);
  const message = error instanceof Error ? error.message : String(error);
  deps.logger[counts ? 'error' : 'warn']({ err: error, updateId, kind, attempts }, 'an update could not be handled');
  if (counts && attempts >= limits.updateAttemptsMax) {
    await deps.updates.setAside(updateId, message);
    deps.metrics.handled.inc({ kind, outcome: 'set_aside' });
    return true;
  }
  const delayMs = (deps.retryDelayMs ?? retryDelayMs) * (counts ? 2 ** (attempts - 1) : 1);
  await deps.updates.postpone(updateId, { error: message, delayMs, counts });
  deps.metrics.handled.inc({ kind, outcome: 'postponed' });
  return false;
}
