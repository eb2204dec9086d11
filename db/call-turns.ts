import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

const turnRow = z.object({ taken: z.boolean(), waitMs: z.number() });

export interface CallTurnRules {
  /** How far apart the turns of a way lie. */
  readonly everyMs: number;
  /** A turn that is farther away is not taken. */
  readonly patienceMs: number;
}

export type CallTurn =
  { readonly ok: true; readonly waitMs: number } | { readonly ok: false; readonly retryAfterMs: number };

/** The turns of calls to providers, which all processes take from one row per way (`db/flows/call-turn.sql`). */
export function createCallTurns(db: CommonQueryMethods) {
  return {
    /** Takes the next turn of a way, and says how long to wait for it. */
    async take(way: string, { everyMs, patienceMs }: CallTurnRules): Promise<CallTurn> {
      const { taken, waitMs } = await db.one(sql.prepared('call_turn', turnRow)`SELECT taken, wait_ms AS "waitMs"
        FROM app.take_call_turn(${way}, ${everyMs}::float8, ${patienceMs}::float8)`);
      return taken ? { ok: true, waitMs } : { ok: false, retryAfterMs: Math.ceil(waitMs) };
    },
  };
}
