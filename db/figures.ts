import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** What an operator watches of the money path, as the database knows it. Ages in seconds. */
export interface MoneyFigures {
  readonly openHolds: number;
  readonly oldestOpenHoldSeconds: number;
  readonly holdsPastDeadline: number;
  readonly inboxPending: number;
  readonly inboxSetAside: number;
  readonly inboxOldestSeconds: number;
  readonly unknownAttempts: number;
  readonly openCases: number;
  readonly lateResults: number;
}

const figuresRow = z.object({
  openHolds: z.number(),
  oldestOpenHoldSeconds: z.number(),
  holdsPastDeadline: z.number(),
  inboxPending: z.number(),
  inboxSetAside: z.number(),
  inboxOldestSeconds: z.number(),
  unknownAttempts: z.number(),
  openCases: z.number(),
  lateResults: z.number(),
});

/** Reads all figures in one round trip; every part of it has an index of its own. */
export function readMoneyFigures(db: CommonQueryMethods): Promise<MoneyFigures> {
  return db.one(sql.type(figuresRow)`
    SELECT holds.*, inbox.*,
      (SELECT count(*)::int FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id
       WHERE a.state IN ('sending', 'unknown') AND g.status = 'submitted') AS "unknownAttempts",
      (SELECT count(*)::int FROM app.attention WHERE closed_at IS NULL) AS "openCases",
      (SELECT count(*)::int FROM app.generation_result WHERE late) AS "lateResults"
    FROM (
      SELECT count(*)::int AS "openHolds", count(*) FILTER (WHERE expires_at <= now())::int AS "holdsPastDeadline",
        coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS "oldestOpenHoldSeconds"
      FROM ledger.hold_log WHERE status = 'open'
    ) holds, (
      SELECT count(*) FILTER (WHERE state = 'pending')::int AS "inboxPending",
        count(*) FILTER (WHERE state = 'set_aside')::int AS "inboxSetAside",
        coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE state = 'pending')), 0)::float8
          AS "inboxOldestSeconds"
      FROM app.inbox WHERE state <> 'done'
    ) inbox`);
}
