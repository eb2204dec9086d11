import { notSent, refused, unknown, type Outcome } from '../../core/result.ts';
import { excerpt, storable } from '../../core/text.ts';
import type { Envelope } from './schema.ts';

/** Why kie.ai did not act, in our words. */
export type KieRefusal =
  | 'invalid_request'
  | 'invalid_credentials'
  | 'insufficient_credits'
  | 'not_found'
  | 'maintenance'
  | 'feature_disabled'
  | 'blocked';

/** An answer of any status: its envelope, where the text was one. */
export interface KieReply {
  readonly status: number;
  readonly envelope: Envelope | undefined;
  readonly text: string;
  readonly retryAfterMs?: number;
}

/** What a code means. `rate`: over the limit, not queued, so the same request may be sent again. */
type Meaning =
  { readonly kind: 'refused'; readonly code: KieRefusal } | { readonly kind: 'rate' } | { readonly kind: 'unknown' };

const refusals: Readonly<Record<number, KieRefusal>> = {
  400: 'invalid_request',
  401: 'invalid_credentials',
  402: 'insufficient_credits',
  404: 'not_found',
  422: 'invalid_request',
  455: 'maintenance',
  505: 'feature_disabled',
};

const rateText = /rate|limit|too many|frequen|throttl|busy|slow down/i;
const creditsText = /insufficient|not enough|top ?up/i;
const missingText = /recordInfo is null|does not exist|not found/i;

/** What a refused, lost or doubtful createTask means; undefined when the task was accepted. */
export function judgeCreate(reply: KieReply): Outcome<never> | undefined {
  return judge(reply, (code, text) => meaningOf(code, text));
}

/**
 * The same for calls that change nothing: a record that is not there is `not_found`, maintenance passes, and whatever
 * is unknown may simply be asked again.
 */
export function judgeRead(reply: KieReply): Outcome<never> | undefined {
  return judge(reply, (code, text) => {
    if (code === 422 && missingText.test(text)) return { kind: 'refused', code: 'not_found' };
    return code === 455 ? { kind: 'unknown' } : meaningOf(code, text);
  });
}

function meaningOf(code: number, text: string): Meaning {
  if (code === 429) return meaningOf429(text);
  const refusal = refusals[code];
  return refusal === undefined ? { kind: 'unknown' } : { kind: 'refused', code: refusal };
}

/** Some endpoints send the insufficient-credits text under 429; only a text about the rate says "not created". */
function meaningOf429(text: string): Meaning {
  if (creditsText.test(text)) return { kind: 'refused', code: 'insufficient_credits' };
  return text === '' || rateText.test(text) ? { kind: 'rate' } : { kind: 'unknown' };
}

/** HTTP status and envelope may disagree: the worse of the two is the truth, and what is unknown is the worst. */
function judge(reply: KieReply, meaning: (code: number, text: string) => Meaning): Outcome<never> | undefined {
  const { status, envelope } = reply;
  if (envelope === undefined) return judgeBare(reply, meaning);
  const statusBad = status < 200 || status > 299;
  const codes = [...(statusBad ? [status] : []), ...(envelope.code === 200 ? [] : [envelope.code])];
  if (codes.length === 0) return undefined;
  const meanings = codes.map((code) => ({ code, meaning: meaning(code, envelope.message) }));
  const severity = ['unknown', 'refused', 'rate'];
  const [worst] = meanings.toSorted((a, b) => severity.indexOf(a.meaning.kind) - severity.indexOf(b.meaning.kind));
  if (worst === undefined) return undefined;
  return outcomeOf(worst.meaning, { code: worst.code, message: envelope.message, reply });
}

/** An answer without an envelope: a gateway's text, or nothing. HTML says only that something stood in between. */
function judgeBare(reply: KieReply, meaning: (code: number, text: string) => Meaning): Outcome<never> {
  const { status, text } = reply;
  if (status === 403 && /error code:\s*1010/i.test(text)) {
    return refused('blocked', 'kie.ai does not accept this User-Agent (error code: 1010)');
  }
  if (status === 429 && (text === '' || rateText.test(text))) return notSent('rate_limited', reply.retryAfterMs);
  const html = /^\s*</.test(text);
  if (status >= 400 && status < 500 && !html) {
    return outcomeOf(meaning(status, text), { code: status, message: text, reply });
  }
  return unknown('unreadable_answer');
}

function outcomeOf(
  meaning: Meaning,
  { code, message, reply }: { code: number; message: string; reply: KieReply },
): Outcome<never> {
  if (meaning.kind === 'rate') return notSent('rate_limited', reply.retryAfterMs);
  if (meaning.kind === 'unknown') return unknown(`code_${code}`, reply.retryAfterMs);
  return refused(meaning.code, shortMessage(message) || `kie.ai answered ${code}`);
}

const messageCodePointsMax = 300;

/** What we keep of a text of kie.ai: its first characters, and none that the database cannot hold. */
export function shortMessage(message: string, codePointsMax = messageCodePointsMax): string {
  return excerpt(storable(message), codePointsMax);
}

/** `Retry-After` in milliseconds, from its seconds or its date; undefined when there is none or it cannot be read. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
