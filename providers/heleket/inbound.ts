import { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import { isSignedBy, phpJson } from './signature.ts';

export interface HeleketNotification {
  readonly uuid: string;
  readonly status: string;
  /** Names the fact: there is no id, no time and no nonce in a webhook. */
  readonly dedupeKey: string;
  /** Facts of one invoice are handled one after the other. */
  readonly streamKey: string;
}

/** A body, whether it is signed, and what it tells; `ignored` is signed and speaks of no payment. */
export type HeleketReading =
  | { readonly kind: 'forged' }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'payment'; readonly notification: HeleketNotification };

const signedSchema = z.looseObject({ sign: z.string().regex(/^[0-9a-f]{32}$/) });
const paymentSchema = z.object({
  type: z.literal('payment'),
  uuid: z.uuid(),
  status: z.string().regex(/^[a-z_]{1,40}$/),
});

/**
 * Reads a webhook. The signature stands inside the body; it is checked against the bytes without it and against PHP's
 * spelling of the rest, under each key: two of them while the key is changed (W13, W14). Only the invoice's id and the
 * status's name are taken: a webhook may be sent again by anybody who saw it, so that the invoice is read before
 * anything happens.
 */
export function readWebhook(body: string, keys: readonly string[]): HeleketReading {
  const signed = signedSchema.safeParse(parseJson(body));
  if (!signed.success) return { kind: 'forged' };
  const { sign, ...rest } = signed.data;
  if (!isSignedBy(sign, [withoutSign(body), phpJson(rest)], keys)) return { kind: 'forged' };
  const payment = paymentSchema.safeParse(rest);
  if (!payment.success) return { kind: 'ignored' };
  const { uuid, status } = payment.data;
  const notification = { uuid, status, dedupeKey: `${uuid}:${status}`, streamKey: `heleket/${uuid}` };
  return { kind: 'payment', notification };
}

/** The bytes as they came, without the last member, where the signature stands. */
function withoutSign(body: string): string {
  return body.replace(/,\s*"sign"\s*:\s*"[0-9a-f]{32}"\s*\}\s*$/, '}');
}
