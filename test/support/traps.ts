import { type Failpoint, FailpointError } from '../../platform/failpoints.ts';

/** A place where the code waits for the test. */
export interface Gate {
  /** Resolves when somebody has come to the place. */
  readonly reached: Promise<void>;
  open(): void;
}

/** Failpoints that a test sets and takes away while everything runs in its own process. */
export interface Traps {
  readonly failpoint: Failpoint;
  /** The next `times` who come to the place fail there. */
  throwAt(name: string, times?: number): void;
  /** The next one who comes to the place waits there until the gate is opened. */
  stopAt(name: string): Gate;
  /** How often a place was passed or fallen into. */
  visits(name: string): number;
  clear(): void;
}

export function createTraps(): Traps {
  const throwing = new Map<string, number>();
  const gates = new Map<string, { arrive: () => void; opened: Promise<void>; open: () => void }>();
  const visits = new Map<string, number>();

  return {
    async failpoint(name) {
      visits.set(name, (visits.get(name) ?? 0) + 1);
      const gate = gates.get(name);
      if (gate) {
        gates.delete(name);
        gate.arrive();
        await gate.opened;
      }
      const left = throwing.get(name) ?? 0;
      if (left === 0) return;
      throwing.set(name, left - 1);
      throw new FailpointError(name);
    },
    throwAt(name, times = 1) {
      throwing.set(name, times);
    },
    stopAt(name) {
      const arrival = Promise.withResolvers<void>();
      const opening = Promise.withResolvers<void>();
      gates.set(name, { arrive: arrival.resolve, opened: opening.promise, open: opening.resolve });
      return { reached: arrival.promise, open: opening.resolve };
    },
    visits: (name) => visits.get(name) ?? 0,
    clear() {
      throwing.clear();
      for (const gate of gates.values()) gate.open();
      gates.clear();
    },
  };
}
