import { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import { type Outcome, done, refused, unknown } from '../../core/result.ts';
import type { HttpAnswer } from '../http.ts';
import { retryAfterHeaderMs } from '../retry-after.ts';

const answerSchema = z.object({
  state: z.number().optional(),
  result: z.unknown().optional(),
  message: z.string().optional(),
  errors: z.record(z.string(), z.unknown()).optional(),
});

/** What a business message means. `unknown`: their side failed, and may have acted. */
const messages: Readonly<Record<string, string>> = {
  'You are forbidden': 'forbidden',
  'Wrong key': 'unauthorized',
  'Invalid sign': 'unauthorized',
  'Payment not found': 'not_found',
  'Payment service not found': 'service_unavailable',
  'The network was not found': 'unknown_network',
  'The currency was not found': 'unknown_currency_code',
  'Not found service to_currency': 'service_unavailable',
  'Error convert to_currency': 'service_unavailable',
  'Notification not found': 'notification_not_found',
  'Too much resend': 'too_many_resends',
  'Server error': 'unknown',
  'Gateway error': 'unknown',
};

/**
 * An answer's result, or what stands in its way. `state` decides and not the HTTP status, which the documents leave
 * open; an answer without a state is judged by its status, and what may have acted is `unknown`.
 */
export function resultOf(answer: HttpAnswer): Outcome<unknown> {
  const { status } = answer;
  const retryAfterMs = retryAfterHeaderMs(answer.headers['retry-after']);
  const body = answerSchema.safeParse(parseJson(answer.text())).data;
  if (status >= 500 || status === 429) return unknown(`http_${status}`, retryAfterMs);
  if (body?.state === 0 && status < 300) return done(body.result);
  if (body?.state === 1) return businessError(body);
  if (status === 401 || status === 403) return refused(`http_${status}`, body?.message ?? 'no description');
  // A stray page of something in between is no answer about an invoice.
  if (status === 404 || status < 400) return unknown('answer_not_understood', retryAfterMs);
  return refused(`http_${status}`, body?.message ?? 'no description');
}

function businessError({ message, errors }: z.infer<typeof answerSchema>): Outcome<never> {
  if (errors !== undefined) return fieldErrors(errors);
  const code = messages[message ?? ''] ?? limitCode(message);
  return code === 'unknown' ? unknown('server_error') : refused(code, message ?? 'no description');
}

function limitCode(message: string | undefined): string {
  return /^(Minimum|Maximum) amount/.test(message ?? '') ? 'amount_out_of_limits' : 'invalid_request';
}

/** A used `order_id` is no refusal: an invoice stands under it, and only a look can say which. */
function fieldErrors(errors: Readonly<Record<string, unknown>>): Outcome<never> {
  const text = JSON.stringify(errors);
  if (/"order_id":.*(unique|taken|exist|duplicate)/i.test(text)) return refused('order_id_taken', text);
  return refused('invalid_request', text);
}
