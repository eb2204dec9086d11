import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Store } from './simulator-store.ts';

export interface Job {
  readonly kind: string;
  /** JSON; it is kept in the simulator's file until the job has run. */
  readonly data: unknown;
  /** On the simulator's clock. */
  readonly dueAtMs: number;
}

export interface Clock {
  /** Milliseconds since 1970 on the simulator's own clock. */
  nowMs(): number;
  /** How far it runs ahead of the machine's; negative when it is behind. */
  aheadMs(): number;
  /** Sets how far it runs ahead; what falls due runs at once. Turned back, what waits keeps the wait it still had. */
  setAhead(ms: number): void;
}

export interface Jobs {
  /** Runs a job when it is due, also after a restart. The answer is its id. */
  schedule(job: Job): string;
  cancel(jobId: string): void;
  /** Arms every kept job; called when the simulator listens. */
  start(): void;
  /** Stops the timers and waits for what is running. */
  stop(): Promise<void>;
}

export type JobHandlers = Readonly<Record<string, (data: never, jobId: string) => Promise<void> | void>>;

interface JobsOptions {
  readonly store: Store;
  readonly handlers: JobHandlers;
  readonly logger: Logger;
}

const timerMaxMs = 2 ** 31 - 1;

/**
 * The timers of a simulator and its clock, both kept over restarts. A job is forgotten when it has run, so a kill in
 * between runs it again: notifications come at least once, as the real ones do.
 */
export function createJobs({ store, handlers, logger }: JobsOptions): { jobs: Jobs; clock: Clock } {
  const kept = store.collection<Job>('jobs');
  const clockOffset = store.collection<number>('clock');
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, Promise<void>>();
  let started = false;

  const aheadMs = () => clockOffset.get('offsetMs') ?? 0;
  const nowMs = () => Date.now() + aheadMs();

  function setAhead(ms: number): void {
    const movedMs = ms - aheadMs();
    clockOffset.put('offsetMs', ms);
    for (const jobId of kept.ids()) {
      const job = kept.get(jobId) as Job;
      const moved = movedMs < 0 ? { ...job, dueAtMs: job.dueAtMs + movedMs } : job;
      if (moved !== job) kept.put(jobId, moved);
      if (started) arm(jobId, moved);
    }
  }

  function arm(jobId: string, job: Job): void {
    clearTimeout(timers.get(jobId));
    const waitMs = Math.max(0, job.dueAtMs - nowMs());
    const fire = () => (waitMs > timerMaxMs ? arm(jobId, job) : run(jobId));
    timers.set(jobId, setTimeout(fire, Math.min(waitMs, timerMaxMs)));
  }

  function run(jobId: string): void {
    timers.delete(jobId);
    const job = kept.get(jobId);
    if (!job || !started || running.has(jobId)) return;
    const work = Promise.resolve()
      .then(() => (handlers[job.kind] as ((data: unknown, id: string) => Promise<void>) | undefined)?.(job.data, jobId))
      .catch((error: unknown) => logger.error({ err: error, kind: job.kind }, 'simulator job failed'))
      .then(() => {
        running.delete(jobId);
        kept.delete(jobId);
      });
    running.set(jobId, work);
  }

  const jobs: Jobs = {
    schedule(job) {
      const jobId = randomUUID();
      kept.put(jobId, job);
      if (started) arm(jobId, job);
      return jobId;
    },
    cancel(jobId) {
      clearTimeout(timers.get(jobId));
      timers.delete(jobId);
      kept.delete(jobId);
    },
    start() {
      started = true;
      for (const jobId of kept.ids()) arm(jobId, kept.get(jobId) as Job);
    },
    async stop() {
      started = false;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(running.values());
    },
  };
  return {
    jobs,
    clock: {
      nowMs,
      aheadMs,
      setAhead,
    },
  };
}
