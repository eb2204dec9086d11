import pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateClass } from '../core/http/contract.ts';
import type { Logger } from '../platform/logger.ts';
import { createLease, type Lease, type Taken } from './rate-lease.ts';

export interface RateFigures {
  readonly messages: number;
  readonly operations: number;
  readonly payments: number;
  readonly address: number;
}

export type RateVerdict =
  | { readonly outcome: 'admitted' }
  | { readonly outcome: 'refused'; readonly limit: LimitName; readonly retryAfterSeconds: number }
  | { readonly outcome: 'unavailable' };

export type LimitName = 'message' | 'operation' | 'payment' | 'address';

export interface RateLimits {
  /** Counts a request of an address. */
  admitAddress(address: string): Promise<RateVerdict>;
  /** Counts a request of a person. */
  admitPerson(userId: string, rate: RateClass): Promise<RateVerdict>;
  /** Takes a request back: it was the replay of an earlier one. */
  giveBack(userId: string, rate: RateClass): void;
  /** Whether nobody has told this person of the limit in these seconds; true once, over all processes. */
  mayTell(userId: string, seconds: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface RateLimitsOptions {
  readonly databaseUrl: string;
  /** Requests a minute. */
  readonly figures: RateFigures;
  readonly logger: Logger;
}

const windowSeconds = 60;
const poolSize = 2;
/** A limiter that cannot count within this time admits nobody, rather than hang. */
const answerTimeoutMs = 2_000;

/** Counts in PostgreSQL for all processes, over connections of its own: an exhausted main pool does not stop it. */
export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: 'holdfast-rates',
    max: poolSize,
    connectionTimeoutMillis: answerTimeoutMs,
    statement_timeout: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
    // A count that a crash forgets is no loss.
    options: '-c synchronous_commit=off',
  });
  pool.on('error', (error) => options.logger.warn({ err: error }, 'database connection of the rate limits lost'));
  const { messages, operations, payments, address } = options.figures;
  const limits: Readonly<Record<LimitName, Lease>> = {
    message: createLimit(pool, 'message', messages),
    operation: createLimit(pool, 'operation', operations),
    payment: createLimit(pool, 'payment', payments),
    address: createLimit(pool, 'address', address),
  };
  const told = createCount(pool, 'told', 1);

  async function admit(limit: LimitName, key: string): Promise<RateVerdict> {
    try {
      const taken = await limits[limit].take(key);
      if (taken.ok) return { outcome: 'admitted' };
      return { outcome: 'refused', limit, retryAfterSeconds: Math.max(1, Math.ceil(taken.retryAfterMs / 1_000)) };
    } catch (error) {
      options.logger.warn({ err: error }, 'the rate limits cannot be counted');
      return { outcome: 'unavailable' };
    }
  }

  return {
    admitAddress: (key) => admit('address', key),
    admitPerson: (userId, rate) => admit(rate, userId),
    giveBack: (userId, rate) => limits[rate].giveBack(userId),
    async mayTell(userId, seconds) {
      try {
        return (await draw(told, userId, { points: 1, seconds })).ok;
      } catch (error) {
        options.logger.warn({ err: error }, 'the rate limits cannot be counted');
        return false;
      }
    },
    close: () => pool.end(),
  };
}

function createLimit(pool: pg.Pool, name: LimitName, perMinute: number): Lease {
  const count = createCount(pool, name, perMinute);
  return createLease({ perWindow: perMinute, draw: (key, points) => draw(count, key, { points }) });
}

function createCount(pool: pg.Pool, keyPrefix: string, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    schemaName: 'app',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix,
    points,
    duration: windowSeconds,
  });
}

/** `seconds`: the length of a window that begins with this; absent: a minute. */
async function draw(
  count: RateLimiterPostgres,
  key: string,
  { points, seconds }: { readonly points: number; readonly seconds?: number },
): Promise<Taken> {
  try {
    const { msBeforeNext } = await count.consume(key, points, seconds === undefined ? {} : { customDuration: seconds });
    return { ok: true, goodForMs: msBeforeNext };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { ok: false, retryAfterMs: refusal.msBeforeNext };
    throw refusal;
  }
}
