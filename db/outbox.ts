import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** What a person was told: a kind and ids; the text is made where it is shown. */
export interface Notification {
  readonly seq: bigint;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}

const notificationRow = z.object({
  seq: z.bigint(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
  createdAt: z.string(),
});

export type Outbox = ReturnType<typeof createOutbox>;

/** Reads of the outbox. Rows are written by `app.tell` in the transaction of the fact that they tell. */
export function createOutbox(db: CommonQueryMethods) {
  return {
    /** What a person was told, newest first, below a number of its topic. */
    list(page: { userId: string; limit: number; beforeSeq?: bigint }): Promise<readonly Notification[]> {
      return db.any(sql.prepared('outbox_list', notificationRow)`
        SELECT seq, kind, data, created_at AS "createdAt" FROM app.outbox
        WHERE topic = 'user:' || ${page.userId} AND seq < ${page.beforeSeq ?? 9_223_372_036_854_775_807n}
          AND state <> 'live'
        ORDER BY seq DESC LIMIT ${page.limit}`);
    },
  };
}
