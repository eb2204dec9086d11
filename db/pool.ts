import { createPgDriverFactory } from '@slonik/pg-driver';
import {
  type ClientConfigurationInput,
  createPool,
  type DatabasePool,
  type Interceptor,
  SchemaValidationError,
} from 'slonik';
import type { Logger } from '../platform/logger.ts';
import { inTurns } from './pool-turns.ts';
import { typeParsers } from './type-parsers.ts';

export type { CommonQueryMethods, DatabasePool, DatabaseTransactionConnection } from 'slonik';

export interface PoolOptions {
  /** `postgres://user:password@host:port/database` of the application role. */
  readonly url: string;
  /** How many connections; opened at once and kept. */
  readonly size: number;
  readonly applicationName: string;
  readonly logger: Logger;
  /** Check every row against its schema: on in development and tests, off in production. */
  readonly checkRows: boolean;
  readonly statementTimeoutMs?: number;
  /** How long a caller waits for a free connection before it is told that the database is busy. */
  readonly acquireTimeoutMs?: number;
}

const acquireTimeoutMs = 3_000;

/**
 * The pool for all queries. Set on purpose: no retries of statements (a repeat after an unknown outcome is the caller's
 * decision, by key), no `DISCARD ALL` between uses (it would drop the prepared statements, so state is only ever
 * `SET LOCAL`), own parsers that lose nothing, and a fixed size.
 */
export async function openPool(options: PoolOptions): Promise<DatabasePool> {
  const configuration: ClientConfigurationInput = {
    driverFactory: createPgDriverFactory(),
    captureStackTrace: false,
    connectionRetryLimit: 2,
    connectionTimeout: options.acquireTimeoutMs ?? acquireTimeoutMs,
    idleInTransactionSessionTimeout: 15_000,
    idleTimeout: 'DISABLE_TIMEOUT',
    interceptors: options.checkRows ? [checkRowsInterceptor] : [],
    maxPoolSize: options.size,
    minPoolSize: options.size,
    queryRetryLimit: 0,
    resetConnection: () => Promise.resolve(),
    statementTimeout: options.statementTimeoutMs ?? 15_000,
    transactionRetryLimit: 0,
    typeParsers,
  };
  const pool = await createPool(withSessionSettings(options.url, options.applicationName), configuration);
  pool.on('error', (error) => options.logger.warn({ err: error }, 'database connection lost'));
  return inTurns(pool, { size: options.size, waitMsMax: options.acquireTimeoutMs ?? acquireTimeoutMs });
}

const sessionOptions = '-c timezone=UTC -c intervalstyle=postgres -c plan_cache_mode=force_generic_plan';

/**
 * UTC and the interval style are part of what the ledger hashes and answers, whatever the server's default is. Plans
 * are made once per connection: all our statements look up by key, and PostgreSQL would otherwise plan some of those
 * inside the ledger's functions anew at every call, which costs a capture 30% of its time.
 */
function withSessionSettings(url: string, applicationName: string): string {
  const parsed = new URL(url);
  parsed.searchParams.set('application_name', applicationName);
  parsed.searchParams.set('options', sessionOptions);
  return parsed.toString();
}

const checkRowsInterceptor: Interceptor = {
  name: 'check-rows',
  transformRow: (context, query, row) => {
    const schema = context.resultParser;
    if (!schema) return row;
    const checked = schema['~standard'].validate(row);
    if (checked instanceof Promise) throw new TypeError('a row schema must not be asynchronous');
    if (checked.issues) throw new SchemaValidationError(query, row, checked.issues);
    return row;
  },
};
