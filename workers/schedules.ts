import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { flowsQueue } from '../core/queues.ts';
import type { HousekeepingJob, HousekeepingWorkflow } from '../workflows/messages/housekeeping.ts';

/** How often each job runs. */
const schedules: Readonly<Record<HousekeepingJob, { readonly every: '30s' | '1m' | '10m' | '1h' }>> = {
  sweepPayments: { every: '30s' },
  expireDueHolds: { every: '1m' },
  expireDueLots: { every: '1m' },
  sealEntries: { every: '1m' },
  snapshotBalances: { every: '10m' },
  removeExpiredImages: { every: '1h' },
  forgetOldRows: { every: '1h' },
};

/** Makes the schedules that are not there yet. A turn is skipped while the one before still runs. */
export async function ensureSchedules(client: Client): Promise<void> {
  for (const job of Object.keys(schedules) as HousekeepingJob[]) {
    try {
      await client.schedule.create<HousekeepingWorkflow>({
        scheduleId: `housekeeping-${job}`,
        spec: { intervals: [schedules[job]] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
        action: { type: 'startWorkflow', workflowType: 'housekeeping', taskQueue: flowsQueue, args: [{ job }] },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}
