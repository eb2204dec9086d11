import { parseJson } from '../../core/json.ts';
import { type Outcome, notSent, refused, unknown } from '../../core/result.ts';
import { retryAfterHeaderMs } from '../retry-after.ts';
import type { HttpAnswer } from '../http.ts';

/** What a node did with a message that was handed in: took it, or had these very bytes already. */
export type Taken = 'new' | 'known';

const rateLimitWaitMs = 1_000;

/** The error's text, whichever field the API puts it into. */
function errorText(answer: HttpAnswer): string {
  const body = parseJson(answer.text());
  if (typeof body !== 'object' || body === null) return '';
  const { error, result } = body as { error?: unknown; result?: unknown };
  if (typeof error === 'string') return error;
  return typeof result === 'string' ? result : '';
}

/** The outcome of a read that was not answered with 200. A read changes nothing, so `unknown` is just "ask again". */
export function classifyRead(answer: HttpAnswer): Outcome<never> {
  const { status } = answer;
  if (status === 429) return notSent('rate_limit', waitMs(answer));
  if (status === 401 || status === 403) return refused('unauthorized', 'the API does not know our key');
  if (status >= 400 && status < 500 && errorText(answer) !== '') return refused(`http_${status}`, errorText(answer));
  return unknown(`http_${status}`);
}

/** Exit codes that say that these bytes can never run: signature, wallet, form. By contract: V4R2 3x, W5 1xx. */
const hopelessExits: Readonly<Record<number, string>> = {
  34: 'wrong_wallet_id',
  134: 'wrong_wallet_id',
  35: 'bad_signature',
  135: 'bad_signature',
  132: 'signature_not_allowed',
  138: 'bad_operation',
};

/**
 * What a node's refusal of a message means. `done`: it has these bytes already. `refused`: the bytes are wrong; no copy
 * of them will be taken. `not_sent`: the door was closed. All else is `unknown`, the used number (33, 133) and the
 * passed end (36, 136) with it: our first copy may be what used the number. None of it says whether the payment was
 * made; only the decision over the chain does.
 */
export function classifySend(answer: HttpAnswer): Outcome<Taken> {
  const { status } = answer;
  const text = errorText(answer);
  if (status === 429) return notSent('rate_limit', waitMs(answer));
  if (status === 401 || status === 403) return refused('unauthorized', 'the API does not know our key');
  if (/duplicate message/i.test(text)) return { outcome: 'done', value: 'known' };
  if (/INVALID_BAG_OF_CELLS|Failed to unpack Message/i.test(text)) return refused('bad_bytes', firstLine(text));
  const exit = /exitcode=(-?\d+), steps=(\d+)/.exec(text);
  const hopeless = exit && hopelessExits[Number(exit[1])];
  if (hopeless) return refused(hopeless, `exit code ${exit[1]}`);
  return unknown(reasonOf(text, exit) ?? `http_${status}`);
}

function reasonOf(text: string, exit: RegExpExecArray | null): string | undefined {
  if (exit) return exit[1] === '0' && exit[2] === '0' ? 'account_not_active' : `exit_${exit[1]}`;
  if (/before smart-contract execution/.test(text)) return 'cannot_pay_import';
  if (/Failed to unpack account state/.test(text)) return 'no_account';
  if (/too many (pending )?external message/.test(text)) return 'too_many_pending';
  return /not ready/.test(text) ? 'not_ready' : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function waitMs({ headers }: HttpAnswer): number {
  return retryAfterHeaderMs(headers['retry-after']) ?? rateLimitWaitMs;
}
