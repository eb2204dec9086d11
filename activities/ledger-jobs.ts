import { asyncLocalStorage } from '@temporalio/activity';
import type { Cause } from '../core/flows/flow.ts';
import type { DueHolds } from '../db/due-holds.ts';
import type { LedgerUpkeep } from '../ledger/upkeep.ts';

export interface LedgerJobsDeps {
  readonly upkeep: LedgerUpkeep;
  readonly dueHolds: DueHolds;
  /** Rows per transaction: how long a wallet may have to wait for a job. */
  readonly batchSize?: number;
  /** Batches per call; what is left over is the next schedule's. */
  readonly batchesMax?: number;
}

/**
 * The ledger's scheduled jobs. Each works in bounded batches until nothing is left, heartbeats after each batch when it
 * runs as an activity, may run in several processes at once, and may be killed at any moment.
 */
export function createLedgerJobs({ upkeep, dueHolds, batchSize = 200, batchesMax = 1_000 }: LedgerJobsDeps) {
  /** Runs batches until one finds nothing; resolves with the sum of what they did. */
  async function untilNothingIsLeft(batch: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let turn = 0; turn < batchesMax; turn += 1) {
      const count = await batch();
      total += count;
      asyncLocalStorage.getStore()?.heartbeat(total);
      if (count === 0) break;
    }
    return total;
  }

  return {
    /** Gives back the money of due holds whose order is over, and opens a case for each whose order is not. */
    async expireDueHolds(): Promise<{ expired: number; flagged: number }> {
      const sum = { expired: 0, flagged: 0 };
      await untilNothingIsLeft(async () => {
        const turn = await dueHolds.sweep(batchSize, jobCause('expire-due-holds'));
        sum.expired += turn.expired;
        sum.flagged += turn.flagged;
        return turn.expired + turn.flagged;
      });
      return sum;
    },

    /** Takes expired credit that is not held out of its lots; resolves with how many lots were emptied. */
    async expireDueLots(): Promise<{ lots: number }> {
      return { lots: await untilNothingIsLeft(() => dueHolds.expireLots(batchSize, jobCause('expire-due-lots'))) };
    },

    /** Seals new entries into numbered blocks, each chained to the one before. */
    async sealEntries(): Promise<{ entries: number }> {
      return { entries: await untilNothingIsLeft(() => upkeep.seal(batchSize * 5)) };
    },

    /** Writes down the balances of system accounts, so that reading one sums only what came since. */
    async snapshotBalances(): Promise<{ accounts: number }> {
      return { accounts: await upkeep.snapshotSystemBalances() };
    },
  };
}

/** Outside an activity (tests, the command line) the job itself is the cause. */
function jobCause(step: string): Cause {
  const execution = asyncLocalStorage.getStore()?.info.workflowExecution;
  const run = execution === undefined ? {} : { runId: execution.runId };
  return { workflowId: execution?.workflowId ?? `job/${step}`, ...run, step, actor: 'system' };
}
