import { sql } from 'slonik';
import { z } from 'zod';
import type { Cause } from '../core/flows/flow.ts';
import type { CancelAnswer, GenerationFailure, GenerationStatus } from '../core/flows/generation.ts';
import { answers } from '../ledger/answers.ts';
import { askAgain } from './errors.ts';
import type { CommonQueryMethods } from './pool.ts';

export interface StoredPicture {
  readonly position: number;
  readonly blobKey: string;
  readonly mime: string;
  readonly bytes: number;
}

interface KeyedMove {
  readonly generationId: string;
  readonly key: string;
  readonly cause: Cause;
}

const statusOf = z.object({ status: z.string() }) as unknown as z.ZodType<{ status: GenerationStatus }>;
const orderClosed = z.object({ outcome: z.literal('order_closed') });

const row = {
  reserve: z.object({ answer: z.intersection(z.union([answers.reserve, orderClosed]), statusOf) }),
  capture: z.object({ answer: z.intersection(z.union([answers.capture, orderClosed]), statusOf) }),
  fail: z.object({ answer: z.intersection(z.union([answers.release, orderClosed]), statusOf) }),
  keepLate: z.object({ outcome: z.enum(['kept', 'already_kept', 'order_open']) }),
  cancel: z.object({
    answer: z.intersection(
      z.object({ outcome: z.enum(['canceled', 'already_submitted', 'already_finished']) }),
      statusOf,
    ),
  }),
};

export type GenerationMoves = ReturnType<typeof createGenerationMoves>;

/** The moves of a generation, each one function of `db/flows/generation.sql` and one round trip. */
export function createGenerationMoves(db: CommonQueryMethods) {
  return {
    reserve: ({ generationId, key, ttlMs, cause }: KeyedMove & { ttlMs: number }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('generation_reserve', row.reserve)`SELECT app.generation_reserve(${generationId}::uuid,
          ${key}, make_interval(secs => ${ttlMs / 1000}), ${JSON.stringify(cause)}::jsonb) AS answer`),
      ),

    capture: (move: KeyedMove & { holdKey: string; amountMinor: bigint; pictures: readonly StoredPicture[] }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('generation_capture', row.capture)`SELECT app.generation_capture(
          ${move.generationId}::uuid, ${move.key}, ${move.holdKey}, ${move.amountMinor},
          ${JSON.stringify(move.pictures)}::jsonb, ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    fail: (move: KeyedMove & { holdKey: string; failure: GenerationFailure; detail: string | null }) =>
      askAgain(() =>
        db.oneFirst(sql.prepared('generation_fail', row.fail)`SELECT app.generation_fail(${move.generationId}::uuid,
          ${move.key}, ${move.holdKey}, ${move.failure}, ${move.detail},
          ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    cancel: (move: KeyedMove & { holdKey: string }): Promise<CancelAnswer & { status: GenerationStatus }> =>
      askAgain(() =>
        db.oneFirst(sql.prepared(
          'generation_cancel',
          row.cancel,
        )`SELECT app.generation_cancel(${move.generationId}::uuid,
          ${move.key}, ${move.holdKey}, ${JSON.stringify(move.cause)}::jsonb) AS answer`),
      ),

    /** Keeps pictures that came after their order had failed; nothing is charged. */
    keepLate: (generationId: string, pictures: readonly StoredPicture[]) =>
      db.oneFirst(sql.prepared(
        'generation_keep_late',
        row.keepLate,
      )`SELECT app.generation_keep_late(${generationId}::uuid,
        ${JSON.stringify(pictures)}::jsonb) AS outcome`),

    /** Parks an order that nobody here can decide, with a case for a person. */
    async park(generationId: string, workflowId: string, evidence: object): Promise<void> {
      await db.query(sql.unsafe`SELECT app.generation_park(${generationId}::uuid, ${workflowId},
        ${JSON.stringify(evidence)}::jsonb)`);
    },
  };
}
