import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import { taskIdSchema } from './schema.ts';

/**
 * What a callback says. It only wakes us: the body is not signed, so the task is read again before anything is done.
 */
export interface KieCallback {
  readonly taskId: string;
  readonly state: string;
  /** One inbox row per attempt and state, however often it is delivered. */
  readonly dedupeKey: string;
  /** Facts of one attempt are handled one after the other. */
  readonly streamKey: string;
}

const callbackSchema = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  data: z.looseObject({
    taskId: taskIdSchema.nullish(),
    task_id: taskIdSchema.nullish(),
    state: z
      .string()
      .regex(/^[\w-]{1,40}$/)
      .nullish(),
  }),
});

/**
 * Reads a callback's body for the attempt whose address it came to. Market models say `data.taskId`, others
 * `data.task_id`; where no state is given, the envelope's code stands for it. Undefined when it names no task.
 */
export function parseCallback(attemptId: string, body: string): KieCallback | undefined {
  const parsed = callbackSchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { data, code } = parsed.data;
  const taskId = data.taskId ?? data.task_id;
  if (taskId === undefined || taskId === null) return undefined;
  const state = data.state ?? (Number(code) === 200 ? 'success' : 'fail');
  return { taskId, state, dedupeKey: `${attemptId}:${state}`, streamKey: `kie/${attemptId}` };
}

export interface WebhookKey {
  readonly secret: string;
  /** A key that has been rotated out is believed until then; absent: for good. */
  readonly validUntilMs?: number;
}

export interface SignedCallback {
  readonly taskId: string;
  /** The headers as they came: text, several values, or nothing. */
  readonly timestamp: unknown;
  readonly signature: unknown;
}

export type SignatureVerdict = 'valid' | 'missing' | 'stale' | 'invalid';

const toleranceMs = 5 * 60 * 1_000;

/**
 * Checks `X-Webhook-Signature`: base64 of HMAC-SHA256 over `taskId.timestamp` under any key that is in force, in
 * constant time and without throwing whatever the headers hold (W13, W14). kie.ai names no window for the timestamp;
 * ours is five minutes to both sides.
 */
export function verifySignature(
  callback: SignedCallback,
  keys: readonly WebhookKey[],
  nowMs: number,
): SignatureVerdict {
  const { taskId, timestamp, signature } = callback;
  if (isAbsent(timestamp) || isAbsent(signature)) return 'missing';
  if (typeof timestamp !== 'string' || typeof signature !== 'string') return 'invalid';
  if (!/^\d{1,12}$/.test(timestamp)) return 'invalid';
  const given = Buffer.from(signature, 'base64');
  // Node reads base64 leniently: what does not come back as it was is no signature.
  if (given.toString('base64') !== signature) return 'invalid';
  const inForce = keys.filter(({ validUntilMs }) => validUntilMs === undefined || nowMs <= validUntilMs);
  const matches = inForce.map(({ secret }) => equals(sign(secret, taskId, timestamp), given));
  if (!matches.includes(true)) return 'invalid';
  return Math.abs(nowMs - Number(timestamp) * 1_000) <= toleranceMs ? 'valid' : 'stale';
}

/** The signature of a task's callback under a key, as bytes. */
function sign(secret: string, taskId: string, timestamp: string): Buffer {
  return createHmac('sha256', secret).update(`${taskId}.${timestamp}`).digest();
}

function isAbsent(header: unknown): boolean {
  return header === undefined || header === null || header === '';
}

function equals(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
