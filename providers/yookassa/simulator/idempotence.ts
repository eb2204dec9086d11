import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { ApiError, type Settings, invalidRequest } from './model.ts';

/** What a key answered: an object, shown in its present state on a repeat, or a 4xx that stays. */
type Result =
  | { readonly kind: 'payment' | 'refund'; readonly id: string }
  | { readonly kind: 'error'; readonly status: number; readonly code: string; readonly error: ErrorDetails };

interface ErrorDetails {
  readonly description: string;
  readonly parameter?: string;
}

interface StoredKey {
  readonly hash: string;
  readonly firstAtMs: number;
  readonly result: Result;
}

export type Made = Extract<Result, { kind: 'payment' | 'refund' }>;

export interface KeyedRequest {
  readonly key: string;
  /** Method and path. */
  readonly operation: string;
  readonly body: string;
}

const keyLifetimeMs = 24 * 60 * 60 * 1000;
// The documented class, in which `+-_` is a range and not three characters.
const keyPattern = /^[0-9a-zA-Z+-_.]{1,64}$/;

/**
 * The rules of `Idempotence-Key`: the same key with the same bytes gives the same object, with other bytes a 400, while
 * the first is under way a 500 (the result is not known yet), and after 24 h a new operation.
 */
export function createIdempotence({ store, clock }: SimulatorParts, settings: Settings) {
  const keys = store.collection<StoredKey>('keys');
  const underWay = new Map<string, string>();

  return async (request: KeyedRequest, act: () => Made): Promise<Made> => {
    const { key } = request;
    if (key === '') throw invalidRequest('Idempotence key is empty', 'Idempotence-Key');
    if (key.length > 64) {
      const description = 'Idempotence key is too long. Send the value in accordance with the documentation';
      throw invalidRequest(description, 'Idempotence-Key');
    }
    if (!keyPattern.test(key)) throw invalidRequest('Invalid request parameter', 'Idempotence-Key');

    const hash = createHash('sha256').update(`${request.operation}\n${request.body}`).digest('hex');
    const known = keys.get(key);
    const living = known && clock.nowMs() - known.firstAtMs < keyLifetimeMs ? known : undefined;
    const before = living?.hash ?? underWay.get(key);
    if (before !== undefined && before !== hash) {
      throw invalidRequest('Idempotence key duplicated', 'Idempotence-Key');
    }
    if (living) return replay(living.result);
    if (before !== undefined) {
      const description = 'The first request with this key is still being processed';
      throw new ApiError(500, 'internal_server_error', { description, retryAfterMs: 1_800 });
    }

    underWay.set(key, hash);
    try {
      if (settings.processingMs > 0) await sleep(settings.processingMs);
      return store.atomically(() => {
        const result = attempt(act);
        keys.put(key, { hash, firstAtMs: clock.nowMs(), result });
        return replay(result);
      });
    } finally {
      underWay.delete(key);
    }
  };
}

function attempt(act: () => Made): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === undefined) throw error;
    const { status, code, message: description, parameter } = error;
    return { kind: 'error', status, code, error: { description, ...(parameter === undefined ? {} : { parameter }) } };
  }
}

function replay(result: Result): Made {
  if (result.kind === 'error') throw new ApiError(result.status, result.code, result.error);
  return result;
}
