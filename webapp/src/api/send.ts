import type { ErrorCode } from '../../../core/errors.ts';
import type { ApiError, ApiResult } from './result.ts';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly key?: string;
  readonly timeoutMs?: number;
}

const timeoutMs = 15_000;

/** One request. An answer that is no answer of ours counts as none. */
export async function send<T>(call: Call): Promise<ApiResult<T>> {
  const { method, path, body, token, key } = call;
  const isForm = body instanceof FormData;
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(call.timeoutMs ?? timeoutMs),
    });
    const parsed = (await response.json()) as Record<string, unknown>;
    if (response.ok) return { ok: true, value: parsed as T };
    return { ok: false, error: problemOf(response, parsed) };
  } catch (error) {
    console.warn(`${method} ${path} was not answered`, error);
    return { ok: false, error: offline };
  }
}

export const offline: ApiError = {
  code: 'offline',
  status: 0,
  detail: undefined,
  requestId: undefined,
  retryAfterSeconds: undefined,
  extra: {},
};

function problemOf(response: Response, body: Readonly<Record<string, unknown>>): ApiError {
  const retryAfter = response.headers.get('retry-after');
  return {
    code: (typeof body['code'] === 'string' ? body['code'] : 'internal_error') as ErrorCode,
    status: response.status,
    detail: typeof body['detail'] === 'string' ? body['detail'] : undefined,
    requestId: typeof body['requestId'] === 'string' ? body['requestId'] : undefined,
    retryAfterSeconds: retryAfter === null ? undefined : Number(retryAfter),
    extra: body,
  };
}
