import { sql } from 'slonik';
import { z } from 'zod';
import type { CommonQueryMethods } from './pool.ts';

/** A fact of a topic, for open screens. */
export interface LiveFact {
  readonly topic: string;
  readonly seq: bigint;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Since the beginning of the fact's transaction. */
  readonly ageSeconds: number;
}

export interface LiveCursor {
  readonly topic: string;
  /** The number of the last fact that is known. */
  readonly seq: bigint;
}

const factRow = z.object({
  topic: z.string(),
  seq: z.bigint(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
  ageSeconds: z.number(),
});
const positionRow = z.object({ lastSeq: z.bigint(), toldSeq: z.bigint() });
const forgottenRow = z.object({ forgotten: z.number() });
const keptRow = z.object({ kept: z.boolean() });

export type Live = ReturnType<typeof createLive>;

/** Reads of the outbox for open screens. */
export function createLive(db: CommonQueryMethods) {
  return {
    /** The facts after each cursor, in their order, at most `limit` of a topic: one query for all topics. */
    factsAfter(cursors: readonly LiveCursor[], limit: number): Promise<readonly LiveFact[]> {
      const topics = sql.array(
        cursors.map(({ topic }) => topic),
        'text',
      );
      const seqs = sql.array(
        cursors.map(({ seq }) => seq),
        'int8',
      );
      return db.any(sql.prepared('live_facts', factRow)`
        SELECT f.topic, f.seq, f.kind, f.data,
               extract(epoch FROM clock_timestamp() - f.created_at)::float8 AS "ageSeconds"
        FROM unnest(${topics}, ${seqs}) AS known (topic, seq)
        CROSS JOIN LATERAL (
          SELECT o.topic, o.seq, o.kind, o.data, o.created_at FROM app.outbox o
          WHERE o.topic = known.topic AND o.seq > known.seq ORDER BY o.seq LIMIT ${limit}
        ) f ORDER BY f.topic, f.seq`);
    },

    /** The numbers of a topic's last fact, and of the last that the person was told. */
    position(topic: string): Promise<{ readonly lastSeq: bigint; readonly toldSeq: bigint }> {
      return db.one(sql.prepared('live_position', positionRow)`
        SELECT coalesce((SELECT last_seq FROM app.stream WHERE topic = ${topic}), 0)::int8 AS "lastSeq",
               coalesce((SELECT seq FROM app.outbox WHERE topic = ${topic} AND state <> 'live'
                         ORDER BY seq DESC LIMIT 1), 0)::int8 AS "toldSeq"`);
    },

    /** Forgets up to `limit` facts for screens of more than a day ago; resolves with how many, 0 when none is left. */
    forgetOld(limit: number): Promise<number> {
      return db.oneFirst(sql.prepared('live_forget', forgottenRow)`SELECT app.forget_live(${limit}) AS forgotten`);
    },

    /** Whether every fact after the cursor is still kept, and they are no more than `limit`. */
    isKept({ topic, seq }: LiveCursor, limit: number): Promise<boolean> {
      return db.oneFirst(sql.prepared('live_kept', keptRow)`
        SELECT last_seq >= ${seq} AND last_seq - ${seq} <= ${limit} AND last_seq - ${seq} = (
          SELECT count(*) FROM (
            SELECT FROM app.outbox WHERE topic = ${topic} AND seq > ${seq} LIMIT ${limit}) missed) AS kept
        FROM (SELECT coalesce((SELECT last_seq FROM app.stream WHERE topic = ${topic}), 0)::int8 AS last_seq) present`);
    },
  };
}
