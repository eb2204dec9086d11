import { sql } from 'slonik';
import { z } from 'zod';
import { type BreakerRules, type BreakerStanding, breakerStates } from '../core/breaker.ts';
import { parseJson } from '../core/json.ts';
import type { Logger } from '../platform/logger.ts';
import { startListener } from './listener.ts';
import type { CommonQueryMethods } from './pool.ts';
import { inUtc } from './utc-times.ts';

const standing = z.object({
  way: z.string(),
  state: z.enum(breakerStates),
  failures: z.number(),
  waitMs: z.number(),
  version: z.number(),
  since: z.string(),
});
const standingRow = z.object({ standing });
const judgedRow = z.object({ standing: standing.nullable() });
const probeRow = z.object({ probe: z.bigint().nullable(), standing: standing.nullable() });

/** The breaker of one way, as it stands for all processes. `since`: when it closed, or when its failures began. */
export type KeptBreaker = z.infer<typeof standing>;

export interface Breakers {
  watch(way: string, heard: (standing: BreakerStanding) => void): void;
  takeProbe(
    way: string,
    leaseMs: number,
  ): Promise<{ readonly probe: bigint | null; readonly standing: BreakerStanding }>;
  judge(
    way: string,
    call: { readonly probe: bigint | null; readonly isFailure: boolean; readonly rules: BreakerRules },
  ): Promise<BreakerStanding>;
  /** Closes the ear; nothing is heard any more. */
  stop(): Promise<void>;
}

export interface BreakersOptions {
  readonly db: CommonQueryMethods;
  readonly databaseUrl: string;
  readonly applicationName: string;
  readonly logger: Logger;
}

/** A way that has no row has never failed. */
const untouched: BreakerStanding = { state: 'closed', failures: 0, waitMs: 0, version: 0 };

/** The breakers of all ways that have ever failed. */
export async function readBreakers(db: CommonQueryMethods): Promise<readonly KeptBreaker[]> {
  const rows = await db.any(sql.prepared('breakers', standingRow)`
    SELECT app.breaker_show(b) AS standing FROM app.breaker b ORDER BY way`);
  return rows.map(({ standing: { since, ...stands } }) => ({ ...stands, since: inUtc(since) }));
}

/**
 * The breakers that all processes share (`db/flows/breaker.sql`). Changes are heard over a connection of its own; when
 * that had broken, all rows are read again.
 */
export function openBreakers({ db, databaseUrl, applicationName, logger }: BreakersOptions): Breakers {
  const watchers = new Map<string, ((standing: BreakerStanding) => void)[]>();
  const tell = (kept: KeptBreaker) => watchers.get(kept.way)?.forEach((heard) => heard(kept));
  const listener = startListener({
    url: databaseUrl,
    channel: 'holdfast_breaker',
    applicationName,
    logger,
    heard(payload) {
      const news = standing.safeParse(parseJson(payload));
      // Another version of the code may tell it in another form; what counts is said anew with each answer.
      if (news.success) tell(news.data);
      else logger.warn({ err: news.error }, 'news of a breaker are not understood');
    },
    opened() {
      readBreakers(db).then(
        (all) => all.forEach(tell),
        (error: unknown) => logger.warn({ err: error }, 'the breakers cannot be read'),
      );
    },
  });

  return {
    watch(way, heard) {
      watchers.set(way, [...(watchers.get(way) ?? []), heard]);
    },
    async takeProbe(way, leaseMs) {
      const taken = await db.one(sql.prepared('breaker_probe', probeRow)`
        SELECT probe, standing FROM app.breaker_probe(${way}, ${Math.ceil(leaseMs)}::int)`);
      return { probe: taken.probe, standing: taken.standing ?? untouched };
    },
    async judge(way, { probe, isFailure, rules: { failures, openMs } }) {
      const judged = isFailure
        ? sql.prepared('breaker_fail', judgedRow)`
            SELECT app.breaker_fail(${way}, ${probe}::bigint, ${failures}::int, ${openMs}::int) AS standing`
        : sql.prepared('breaker_succeed', judgedRow)`
            SELECT app.breaker_succeed(${way}, ${probe}::bigint) AS standing`;
      return (await db.oneFirst(judged)) ?? untouched;
    },
    stop: () => listener.stop(),
  };
}
