import { signal } from '@preact/signals';
import { moveClockTo, readClock } from './simulator.ts';

/** How far the clock of the simulated Telegram runs ahead of the true time. */
export const aheadMs = signal(0);

/** The time in the simulated Telegram. */
export function simulatedNow(): number {
  return Date.now() + aheadMs.value;
}

export async function loadClock(): Promise<void> {
  aheadMs.value = (await readClock()).aheadMs;
}

/** Sets the clock; 0 is the true time. */
export async function setClock(ms: number): Promise<void> {
  aheadMs.value = (await moveClockTo(ms)).aheadMs;
}
