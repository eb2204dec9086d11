import type { QueueClock } from '../../bot/send-queue.ts';

export interface VirtualClock extends QueueClock {
  /** Lets time go by, with all that happens in it in its order. */
  goOn(ms: number): Promise<void>;
}

/** A clock whose hours pass at once. */
export function createVirtualClock(): VirtualClock {
  let now = 0;
  let number = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => now,
    after(ms, run) {
      number += 1;
      const id = number;
      timers.set(id, { at: now + ms, run });
      return () => timers.delete(id);
    },
    async goOn(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at)[0];
        if (next === undefined) break;
        const [id, { at, run }] = next;
        timers.delete(id);
        now = Math.max(now, at);
        run();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
