import { type Outcome, notSent, refused, unknown } from '../../core/result.ts';
import { decodeEntities } from './html.ts';

/**
 * Why Fragment refuses. The two about the session never leave this folder: `session_expired` says that our cookies or
 * hash are dead, `session_doubted` (its "Unknown error") that they may be, or that our wallet is not the linked one.
 */
export type FragmentRefusal =
  | 'recipient_not_found'
  | 'recipient_not_user'
  | 'recipient_refused'
  | 'already_premium'
  | 'verification_required'
  | 'login_required'
  | 'request_invalid'
  | 'session_expired'
  | 'session_doubted';

/** What its texts mean. It answers HTTP 200 with them, and words are all it gives. */
const texts: readonly (readonly [RegExp, FragmentRefusal])[] = [
  [/no telegram users? found/i, 'recipient_not_found'],
  [/username assigned to a user/i, 'recipient_not_user'],
  [/can['’]t gift telegram (stars|premium)/i, 'recipient_refused'],
  [/already subscribed to telegram premium/i, 'already_premium'],
  [/session[ _]expired|access denied|unauthorized/i, 'session_expired'],
  [/^unknown error\.?$/i, 'session_doubted'],
];

const busyText = /too many|flood|try again|rate limit/i;
const busyWaitMs = 5_000;
const guardWaitMs = 30_000;

/**
 * What an answer's `error` means: a text, with entities or not, or an object with the text inside. Nothing that we call
 * acts before it is paid, so words that nobody knows are `unknown`: asked again, and never taken for a refusal.
 */
export function judgeError(error: unknown): Outcome<never> {
  const text = errorText(error);
  const known = texts.find(([pattern]) => pattern.test(text));
  if (known) return refused(known[1], text);
  return busyText.test(text) ? notSent('busy', busyWaitMs) : unknown('error_not_known');
}

const nestingMax = 4;

/** The words of an `error`, however they are wrapped. */
function errorText(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < nestingMax && typeof inner === 'object' && inner !== null; depth += 1) {
    const { error: deeper, message, text } = inner as { error?: unknown; message?: unknown; text?: unknown };
    inner = deeper ?? message ?? text;
  }
  return typeof inner === 'string' ? decodeEntities(inner).trim() : '';
}

/**
 * What a status other than 200 means; undefined for 200. A redirect leads those who are not logged in to where they
 * can be. 403 is the site's guard, which lets us pass some other time.
 */
export function judgeStatus(status: number, retryAfterMs: number | undefined): Outcome<never> | undefined {
  if (status === 200) return undefined;
  if (status === 429) return notSent('rate_limited', retryAfterMs ?? busyWaitMs);
  if (status === 403) return notSent('guarded', retryAfterMs ?? guardWaitMs);
  if (status === 401 || (status >= 300 && status < 400)) return refused('session_expired', `HTTP ${status}`);
  return unknown(`http_${status}`, retryAfterMs);
}

/** Whether an answer says that the session does not hold, for sure or maybe. */
export function isSessionRefusal(
  outcome: Outcome<unknown>,
): outcome is Extract<Outcome<never>, { outcome: 'refused' }> {
  return outcome.outcome === 'refused' && (outcome.code === 'session_expired' || outcome.code === 'session_doubted');
}
