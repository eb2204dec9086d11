import { type LiveFeed, openLiveFeed } from '../db/live-feed.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';

export interface Dispatcher {
  stop(): Promise<void>;
}

export interface DispatcherOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
}

/** Between two looks while there is news, and while there is none. */
const busyMs = 50;
const idleMs = 200;
/** How long after the last news it counts as idle again. */
const busyForMs = 2_000;
/** How often a process that does not lead tries to. */
const standByMs = 1_000;
/** API processes that hear nothing for longer look by themselves. */
const beatMs = 1_000;
const reopenMsMin = 200;
const reopenMsMax = 5_000;

/**
 * Tells API processes of new facts: one NOTIFY for all that came since the last look, from a connection of its own and
 * never from the transaction of a fact. One process of all leads; another takes over when its connection ends.
 */
export function startDispatcher({ databaseUrl, logger }: DispatcherOptions): Dispatcher {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = run();

  async function run(): Promise<void> {
    let pauseMs = reopenMsMin;
    while (!signal.aborted) {
      try {
        const feed = await openLiveFeed(databaseUrl);
        pauseMs = reopenMsMin;
        await tellAll(feed, signal);
      } catch (error) {
        logger.warn({ err: error }, 'the dispatcher of live updates lost its connection; opening another');
      }
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, reopenMsMax);
    }
  }

  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Tells until it is stopped; throws when the connection breaks. */
async function tellAll(feed: LiveFeed, signal: AbortSignal): Promise<void> {
  let newsAt = Number.NEGATIVE_INFINITY;
  let toldAt = Number.NEGATIVE_INFINITY;
  let lost: Error | undefined;
  void feed.lost.then((error) => (lost = error));
  try {
    while (!signal.aborted) {
      if (lost !== undefined) throw lost;
      if (!(await feed.lead())) {
        await pause(standByMs, signal);
        continue;
      }
      const found = await feed.tell();
      const now = performance.now();
      if (found > 0) newsAt = now;
      else if (now - toldAt >= beatMs) await feed.beat();
      if (found > 0 || now - toldAt >= beatMs) toldAt = now;
      await pause(now - newsAt < busyForMs ? busyMs : idleMs, signal);
    }
  } finally {
    await feed.close();
  }
}
