import { ApplicationFailure } from '@temporalio/common';
import { sqlState } from '../db/errors.ts';

/** What no retry can mend: the order's row is gone, or the database refuses what it must never write. */
const finalStates: Readonly<Record<string, string>> = {
  P0002: 'order_missing',
  23514: 'refused_by_database',
};

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
        const type = finalStates[sqlState(error) ?? ''];
        if (type === undefined || !(error instanceof Error)) throw error;
        throw ApplicationFailure.create({ message: error.message, type, nonRetryable: true, cause: error });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as A;
}
