/** What runs on a schedule, without an order of its own. */
export type HousekeepingJob =
  | 'expireDueHolds'
  | 'expireDueLots'
  | 'sealEntries'
  | 'snapshotBalances'
  | 'removeExpiredImages'
  | 'forgetOldRows'
  | 'sweepPayments';

export interface HousekeepingInput {
  readonly job: HousekeepingJob;
}

export type HousekeepingWorkflow = (input: HousekeepingInput) => Promise<void>;
