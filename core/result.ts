/**
 * What an outside system did with a request. A time-out after sending is `unknown`, never a failure: it is resolved by
 * reading, or by a person, and compensation needs a `refused`.
 *
 * - `done`: the provider acted and we have its answer.
 * - `refused`: the provider definitely did not act and will not; `code` is from the provider's table of codes.
 * - `not_sent`: nothing left this process (connection refused, breaker open, rate budget, a rate-limit answer that the
 *   provider documents as "not created"); safe to send again after `retryAfterMs`.
 * - `unknown`: the request may have acted.
 */
export type Outcome<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'not_sent'; readonly reason: string; readonly retryAfterMs?: number }
  | { readonly outcome: 'unknown'; readonly reason: string; readonly retryAfterMs?: number };

/** The provider acted. */
export function done<T>(value: T): Outcome<T> {
  return { outcome: 'done', value };
}

/** The provider did not act and will not. */
export function refused(code: string, message: string): Outcome<never> {
  return { outcome: 'refused', code, message };
}

/** Nothing left this process; it may be sent again after `retryAfterMs`. */
export function notSent(reason: string, retryAfterMs?: number): Outcome<never> {
  return { outcome: 'not_sent', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The request may have acted. */
export function unknown(reason: string, retryAfterMs?: number): Outcome<never> {
  return { outcome: 'unknown', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
