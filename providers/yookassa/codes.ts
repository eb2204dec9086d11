import { parseJson } from '../../core/json.ts';
import { type Outcome, refused, unknown } from '../../core/result.ts';
import type { HttpAnswer } from '../http.ts';
import { retryAfterHeaderMs } from '../retry-after.ts';
import { errorSchema } from './schema.ts';

type Verdict = 'refused' | 'unknown';

/**
 * What an HTTP status of YooKassa means when it is not 200. `unknown` is repeated with the same key and the same bytes;
 * `refused` is final for its key.
 */
const verdicts: Readonly<Record<number, Verdict>> = {
  400: 'refused',
  401: 'refused',
  403: 'refused',
  404: 'refused',
  405: 'refused',
  415: 'refused',
  // Only in old clients: accepted and not processed yet.
  202: 'unknown',
  // The key may be repeated, and the documents do not say that nothing was created.
  429: 'unknown',
  500: 'unknown',
};

/** The outcome of an answer that is not a 200. The code is the provider's own, else `http_<status>`. */
export function classify(answer: HttpAnswer): Outcome<never> {
  const { status } = answer;
  const error = parseError(answer.text());
  const code = error?.code ?? `http_${status}`;
  const verdict = verdicts[status] ?? (status >= 400 && status < 500 ? 'refused' : 'unknown');
  const retryAfterMs = error?.retry_after ?? retryAfterHeaderMs(answer.headers['retry-after']);
  if (verdict === 'unknown') return unknown(code, retryAfterMs);
  // "Not found" decides the fate of a payment, so a stray 404 of something in between is not believed.
  if (status === 404 && error?.code !== 'not_found') return unknown('http_404');
  // The key was used with other bytes, so something was done under it; only a look-up can say what.
  if (isKeyReused(status, error)) return unknown('idempotence_key_reused');
  return refused(code, describe(error));
}

function isKeyReused(status: number, error: ReturnType<typeof parseError>): boolean {
  return status === 400 && error?.parameter === 'Idempotence-Key' && /duplicate/i.test(error.description ?? '');
}

function describe(error: ReturnType<typeof parseError>): string {
  const parameter = error?.parameter === undefined ? '' : ` (${error.parameter})`;
  return `${error?.description ?? 'no description'}${parameter}`;
}

function parseError(text: string) {
  return errorSchema.safeParse(parseJson(text)).data;
}
