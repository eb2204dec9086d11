import type { ErrorCode } from '../../../core/errors.ts';

/** Why a call came to nothing. `offline`: no answer came at all, so what was asked for may have been done. */
export interface ApiError {
  readonly code: ErrorCode | 'offline';
  readonly status: number;
  /** The server's own words, in English. */
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Further members of the problem, such as the amounts of a 402. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export type ApiResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ApiError };

/** Whether an order may stand although we were not told so. */
export function isUnsure({ code, status }: ApiError): boolean {
  return code === 'offline' || status >= 500;
}
