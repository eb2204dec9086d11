import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is true; fails when it is not by the deadline. For what happens in its own time. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  { withinMs = 20_000, everyMs = 10 }: { withinMs?: number; everyMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not come true within ${withinMs} ms`);
    await sleep(everyMs);
  }
}
