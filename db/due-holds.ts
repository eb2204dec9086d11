import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import type { CommonQueryMethods } from './pool.ts';

export interface DueHolds {
  /**
   * Looks at up to `limit` holds whose time is over: money returns where the order is final or unknown (`expired`), and
   * a case is opened where it is not (`flagged`, looked at again in an hour). Both 0: none is left that is not busy.
   */
  sweep(limit: number, cause: Cause): Promise<{ expired: number; flagged: number }>;
}

const sweepRow = z.object({ expired: z.number(), flagged: z.number() });

/** The sweep over due holds; see `app.sweep_due_holds`. Several sweepers may run at once. */
export function createDueHolds(db: CommonQueryMethods): DueHolds {
  return {
    sweep: (limit, cause) =>
      db.one(sql.type(sweepRow)`
        SELECT expired, flagged FROM app.sweep_due_holds(${limit}, ${JSON.stringify(cause)}::jsonb)`),
  };
}
