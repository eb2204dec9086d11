import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or ends at once when the signal says so, and leaves no listener behind on it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
