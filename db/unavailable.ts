import { BackendTerminatedError, ConnectionError, StatementCancelledError, StatementTimeoutError } from 'slonik';
import { BusyError } from '../platform/turns.ts';
import { sqlState } from './errors.ts';

const kinds = [BusyError, ConnectionError, StatementCancelledError, StatementTimeoutError, BackendTerminatedError];
const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND']);

/** Whether an error says that the database is away or overwhelmed, so that the same may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (kinds.some((kind) => error instanceof kind)) return true;
  // Connection exceptions, no resources, a server that is stopping or starting.
  if (/^(08|53|57P)/.test(sqlState(error) ?? '')) return true;
  return error instanceof Error && 'code' in error && networkCodes.has(String(error.code));
}
