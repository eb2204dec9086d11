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
  /** Empties up to `limit` lots whose time is over; resolves with how many it worked on, 0 when none is left. */
  expireLots(limit: number, cause: Cause): Promise<number>;
}

const lotsRow = z.object({ lots: z.number() });
const sweepRow = z.object({ expired: z.number(), flagged: z.number() });

/**
 * What is due: holds and lots; see `app.sweep_due_holds` and `app.expire_due_lots`. Several sweepers may run at
 * once.
 */
export function createDueHolds(db: CommonQueryMethods): DueHolds {
  return {
    sweep: (limit, cause) =>
      db.one(sql.type(sweepRow)`
        SELECT expired, flagged FROM app.sweep_due_holds(${limit}, ${JSON.stringify(cause)}::jsonb)`),
    expireLots: (limit, cause) =>
      db.oneFirst(sql.type(lotsRow)`
        SELECT app.expire_due_lots(${limit}, ${JSON.stringify(cause)}::jsonb) AS lots`),
  };
}
