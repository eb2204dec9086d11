import { z } from 'zod';
import { parseJson } from '../../core/json.ts';

const resume = z.object({ type: z.literal('resume'), seq: z.int().nonnegative().nullish() });

/** What a client says; `nothing` for what is no message of ours. */
export type ClientMessage =
  { readonly kind: 'resume'; readonly afterSeq: bigint | undefined } | { readonly kind: 'nothing' };

/** Reads a frame of a client. */
export function readClientMessage(data: unknown, isBinary: boolean): ClientMessage {
  if (isBinary || !Buffer.isBuffer(data)) return { kind: 'nothing' };
  const parsed = resume.safeParse(parseJson(data.toString()));
  if (!parsed.success) return { kind: 'nothing' };
  const { seq } = parsed.data;
  return { kind: 'resume', afterSeq: seq === null || seq === undefined ? undefined : BigInt(seq) };
}

/** Messages that a client may send within a window; each costs a read of the database. */
const messagesMax = 20;
const windowMs = 10_000;

/** Whether one message more is too many. */
export function createFlood(): () => boolean {
  let since = performance.now();
  let count = 0;
  return () => {
    const now = performance.now();
    if (now - since > windowMs) [since, count] = [now, 0];
    count += 1;
    return count > messagesMax;
  };
}
