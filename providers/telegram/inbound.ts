import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** An update as far as it has to be understood before it is stored. */
export interface InboundUpdate {
  readonly updateId: number;
  /** The name of its one payload field; `unknown` when it has none. */
  readonly kind: string;
  /** Updates of one chat are one stream, whatever queue of Telegram they came out of. */
  readonly streamKey: string;
  /** All of it, as it was parsed. */
  readonly update: Readonly<Record<string, unknown>>;
}

/** What we ask Telegram to tell us. Said every time: an omitted list keeps the one before. */
export const allowedUpdates = ['message', 'callback_query', 'pre_checkout_query', 'my_chat_member'] as const;

const idSchema = z.object({ id: z.int() });
const envelope = z.looseObject({ update_id: z.int().nonnegative() });
const payloadSchema = z.looseObject({
  chat: idSchema.optional().catch(undefined),
  from: idSchema.optional().catch(undefined),
  message: z.looseObject({ chat: idSchema }).optional().catch(undefined),
});

/**
 * Reads an update, believing as little as can be: a number of its own, a name, and whose it is. Undefined when it has
 * no number, so that it is no update. Kinds and fields that are newer than we are pass.
 */
export function parseUpdate(value: unknown): InboundUpdate | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return undefined;
  const { update_id: updateId, ...payloads } = parsed.data;
  const [kind = 'unknown', payload] = Object.entries(payloads).find(([, field]) => typeof field === 'object') ?? [];
  return { updateId, kind, streamKey: streamOf(payload), update: parsed.data };
}

/** A chat's messages, the buttons pressed in it and what its person pays are one stream. */
function streamOf(payload: unknown): string {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return 'telegram/other';
  const { chat, message, from } = parsed.data;
  const owner = chat ?? message?.chat ?? from;
  return owner === undefined ? 'telegram/other' : `telegram/${owner.id}`;
}

export type SecretVerdict = 'valid' | 'missing' | 'wrong';

/**
 * Checks `X-Telegram-Bot-Api-Secret-Token` in constant time. It must stand there exactly once, and where we have no
 * secret nothing is right.
 */
export function createSecretCheck(secret: string): (values: readonly string[] | undefined) => SecretVerdict {
  const wanted = digest(secret);
  return (values) => {
    const [given, ...others] = values ?? [];
    if (given === undefined) return 'missing';
    const isEqual = timingSafeEqual(digest(given), wanted);
    return isEqual && others.length === 0 && secret !== '' ? 'valid' : 'wrong';
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
