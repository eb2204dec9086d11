/** Nobody had a turn to spare within the time that a caller may wait. Nothing of the work was begun. */
export class BusyError extends Error {
  constructor(waitMsMax: number) {
    super(`no turn within ${waitMsMax} ms`);
    this.name = 'BusyError';
  }
}

export interface TurnsOptions {
  readonly atOnceMax: number;
  /** How long a caller waits for a turn before it is told `BusyError`; absent: as long as it takes. */
  readonly waitMsMax?: number;
}

export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** How many wait now. */
  waiting(): number;
}

interface Waiter {
  readonly begin: () => void;
}

/** Runs at most `atOnceMax` pieces of work at a time; the others wait in line. */
export function createTurns({ atOnceMax, waitMsMax }: TurnsOptions): Turns {
  const line = new Set<Waiter>();
  let running = 0;

  function waitInLine(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = waitMsMax === undefined ? undefined : setTimeout(() => leave(), waitMsMax);
      const waiter: Waiter = {
        begin: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const leave = () => {
        line.delete(waiter);
        reject(new BusyError(waitMsMax ?? 0));
      };
      line.add(waiter);
    });
  }

  function end(): void {
    const [next] = line;
    if (next === undefined) {
      running -= 1;
      return;
    }
    line.delete(next);
    next.begin();
  }

  return {
    async run(work) {
      if (running < atOnceMax) running += 1;
      else await waitInLine();
      try {
        return await work();
      } finally {
        end();
      }
    },
    waiting: () => line.size,
  };
}
