import { housekeepingCalls } from './lib/proxies.ts';
import type { HousekeepingInput } from './messages/housekeeping.ts';

/** One turn of a scheduled job. The schedule skips a turn while the one before is still running. */
export async function housekeeping({ job }: HousekeepingInput): Promise<void> {
  await housekeepingCalls()[job]();
}
