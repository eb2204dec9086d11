import { sql } from 'slonik';
import { z } from 'zod';
import { type GenerationStatus, generationStatuses } from '../core/flows/generation.ts';
import type { CommonQueryMethods } from './pool.ts';

export type AttemptState = 'prepared' | 'sending' | 'accepted' | 'refused' | 'unknown';

/** One request to a provider without idempotency. */
export interface GenerationAttempt {
  readonly id: string;
  readonly generationId: string;
  readonly number: number;
  /** The unguessable part of the callback's address. */
  readonly token: string;
  readonly state: AttemptState;
  readonly taskId: string | null;
  /** Since the request left, by the database's clock; null before. */
  readonly sentForMs: number | null;
  /** Since the order was placed. */
  readonly orderAgeMs: number;
  readonly orderStatus: GenerationStatus;
  readonly notSentCount: number;
  readonly refusedCode: string | null;
  readonly refusedMessage: string | null;
}

/**
 * What the provider answered. `hinted`: a callback says so, which our own answer may correct. `wait`: it asked for
 * patience, which counts as no try.
 */
export type AttemptAnswer =
  | { readonly state: 'accepted'; readonly taskId: string; readonly hinted?: true }
  | { readonly state: 'refused'; readonly code: string; readonly message: string }
  | { readonly state: 'prepared'; readonly wait: boolean }
  | { readonly state: 'unknown' };

const attemptRow = z.object({
  id: z.string(),
  generationId: z.string(),
  number: z.number(),
  token: z.string(),
  state: z.enum(['prepared', 'sending', 'accepted', 'refused', 'unknown']),
  taskId: z.string().nullable(),
  sentForMs: z.number().nullable(),
  orderAgeMs: z.number(),
  orderStatus: z.enum(generationStatuses),
  notSentCount: z.number(),
  refusedCode: z.string().nullable(),
  refusedMessage: z.string().nullable(),
});
const beginRow = z.object({ was: z.enum(['prepared', 'sending', 'accepted', 'refused', 'unknown', 'closed']) });
const statusRow = z.object({ status: z.string() }) as unknown as z.ZodType<{ status: GenerationStatus }>;

const nothing = z.object({});

const columns = sql.fragment`a.id, a.generation_id AS "generationId", a.number, a.token, a.state, a.task_id AS "taskId",
  extract(epoch FROM clock_timestamp() - a.sending_at)::float8 * 1000 AS "sentForMs",
  extract(epoch FROM clock_timestamp() - g.created_at)::float8 * 1000 AS "orderAgeMs",
  g.status AS "orderStatus", a.not_sent_count AS "notSentCount", a.refused_code AS "refusedCode",
  a.refused_message AS "refusedMessage"`;

function codeOf(answer: AttemptAnswer): string | null {
  if (answer.state === 'refused') return answer.code;
  if (answer.state === 'accepted' && answer.hinted) return 'hint';
  return answer.state === 'prepared' && answer.wait ? 'wait' : null;
}

export type GenerationAttempts = ReturnType<typeof createGenerationAttempts>;

/** Requests to the provider, committed before they leave: one whose answer is lost is known to have been sent. */
export function createGenerationAttempts(db: CommonQueryMethods) {
  return {
    /** The attempt of an order; made on first use. */
    async open(generationId: string, fresh: { id: string; token: string }): Promise<GenerationAttempt> {
      await db.query(sql.prepared(
        'attempt_insert',
        nothing,
      )`INSERT INTO app.generation_attempt (id, generation_id, number, token)
        VALUES (${fresh.id}, ${generationId}, 1, ${fresh.token}) ON CONFLICT DO NOTHING`);
      return db.one(sql.prepared('attempt_open', attemptRow)`SELECT ${columns}
        FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id
        WHERE a.generation_id = ${generationId} ORDER BY a.number DESC LIMIT 1`);
    },

    latest(generationId: string): Promise<GenerationAttempt | null> {
      return db.maybeOne(sql.prepared('attempt_latest', attemptRow)`SELECT ${columns}
        FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id
        WHERE a.generation_id = ${generationId} ORDER BY a.number DESC LIMIT 1`);
    },

    get(id: string): Promise<GenerationAttempt | null> {
      return db.maybeOne(sql.prepared('attempt_get', attemptRow)`SELECT ${columns}
        FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id WHERE a.id = ${id}`);
    },

    /** The attempt that a callback's address names. */
    findByToken(token: string): Promise<GenerationAttempt | null> {
      return db.maybeOne(sql.prepared('attempt_by_token', attemptRow)`SELECT ${columns}
        FROM app.generation_attempt a JOIN app.generation g ON g.id = a.generation_id WHERE a.token = ${token}`);
    },

    /** Commits `sending`, just before the request leaves. Answers the state as it was: only `prepared` may be sent. */
    async beginSending(id: string): Promise<z.infer<typeof beginRow>['was']> {
      const { was } = await db.one(sql.prepared('attempt_begin', beginRow)`
        SELECT app.generation_begin_sending(${id}::uuid) AS was`);
      return was;
    },

    async record(id: string, answer: AttemptAnswer): Promise<GenerationStatus> {
      const task = answer.state === 'accepted' ? answer.taskId : null;
      const code = codeOf(answer);
      const message = answer.state === 'refused' ? answer.message : null;
      const { status } = await db.one(sql.prepared('attempt_record', statusRow)`SELECT app.generation_record_attempt(
        ${id}::uuid, ${answer.state}, ${task}, ${code}, ${message}) AS status`);
      return status;
    },

    async recordCost(id: string, providerCredits: number): Promise<void> {
      await db.query(sql.prepared(
        'attempt_cost',
        nothing,
      )`UPDATE app.generation_attempt SET provider_credits = ${String(providerCredits)}::numeric
        WHERE id = ${id}`);
    },
  };
}
