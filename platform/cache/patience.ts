export interface Patience {
  /** Does the work, or throws at once while what it needs is left alone. */
  with<T>(work: () => Promise<T>): Promise<T>;
}

export interface PatienceOptions {
  /** Failures in a row after which nothing more is asked. */
  readonly failuresMax: number;
  /** How long; one piece of work then tries again, and the others go on without. */
  readonly pauseMs: number;
  readonly lost: () => void;
  readonly regained: () => void;
}

/** A breaker of this process for something that can be done without. */
export function createPatience({ failuresMax, pauseMs, lost, regained }: PatienceOptions): Patience {
  let failures = 0;
  let notBeforeMs = 0;

  return {
    async with(work) {
      const isLost = failures >= failuresMax;
      const nowMs = performance.now();
      if (isLost && nowMs < notBeforeMs) throw new Error('left alone for a while after failures');
      // The one that tries: nobody else does until the pause is over again.
      if (isLost) notBeforeMs = nowMs + pauseMs;
      try {
        const done = await work();
        const wasLost = failures >= failuresMax;
        failures = 0;
        if (wasLost) regained();
        return done;
      } catch (error) {
        failures += 1;
        notBeforeMs = performance.now() + pauseMs;
        if (failures === failuresMax) lost();
        throw error;
      }
    },
  };
}
