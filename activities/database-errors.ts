import { ApplicationFailure } from '@temporalio/common';
import { sqlState } from '../db/errors.ts';

/** What no retry can mend: the order's row is gone, or the database refuses what it must never write or cannot read. */
function finalType(state: string | undefined): string | undefined {
  if (state === 'P0002') return 'order_missing';
  return state === '23514' || state?.startsWith('22') ? 'refused_by_database' : undefined;
}

type Activity = (...input: never[]) => Promise<unknown>;

/**
 * The same activities, with those errors of the database that no repeat can mend as failures that are not retried: one
 * saga fails visibly instead of asking for ever (S22). All other errors stay as they are, and are retried.
 */
export function withFinalDatabaseErrors<A extends Record<string, Activity>>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...input: never[]) => {
      try {
        return await activity(...input);
      } catch (error) {
        const type = finalType(sqlState(error));
        if (type === undefined || !(error instanceof Error)) throw error;
        throw ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}
