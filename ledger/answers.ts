import { z } from 'zod';

/** Minor units as the ledger's JSON carries them. */
const minor = z.string().regex(/^\d+$/);
const replayed = z.boolean();
const cause = z.record(z.string(), z.unknown());

const keyConflict = z.object({ outcome: z.literal('key_conflict'), replayed });
const unknownHold = z.object({ outcome: z.literal('unknown_hold'), replayed });
const insufficient = z.object({
  outcome: z.literal('insufficient_funds'),
  requiredMinor: minor,
  availableMinor: minor,
  replayed,
});
const resolved = z.object({
  outcome: z.enum(['already_captured', 'already_released', 'already_expired']),
  holdKey: z.string(),
  capturedMinor: minor,
  releasedMinor: minor,
  resolvedBy: cause,
  replayed,
});

const held = z.object({
  outcome: z.literal('held'),
  holdKey: z.string(),
  amountMinor: minor,
  availableMinor: minor,
  expiresAt: z.string(),
  replayed,
});
const captured = z.object({
  outcome: z.literal('captured'),
  holdKey: z.string(),
  transferId: minor,
  capturedMinor: minor,
  releasedMinor: minor,
  replayed,
});
const released = z.object({ outcome: z.literal('released'), holdKey: z.string(), releasedMinor: minor, replayed });
const credited = z.object({
  outcome: z.literal('credited'),
  transferId: minor,
  amountMinor: minor,
  availableMinor: minor,
  replayed,
});

/** What each verb of the ledger may answer, by name. The SQL file of the verb says when. */
export const answers = {
  reserve: z.discriminatedUnion('outcome', [held, insufficient, keyConflict]),
  extend: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('extended'), holdKey: z.string(), expiresAt: z.string(), replayed }),
    resolved,
    unknownHold,
    keyConflict,
  ]),
  capture: z.discriminatedUnion('outcome', [
    captured,
    resolved,
    z.object({ outcome: z.literal('exceeds_hold'), heldMinor: minor, replayed }),
    unknownHold,
    keyConflict,
  ]),
  release: z.discriminatedUnion('outcome', [
    released,
    resolved,
    z.object({ outcome: z.literal('nothing_to_release'), replayed }),
    keyConflict,
  ]),
  credit: z.discriminatedUnion('outcome', [
    credited,
    z.object({ outcome: z.literal('already_expired'), replayed }),
    keyConflict,
  ]),
  transfer: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('transferred'), transferId: minor, amountMinor: minor, replayed }),
    insufficient,
    z.object({ outcome: z.literal('same_owner'), replayed }),
    keyConflict,
  ]),
  reverse: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('reversed'), transferId: minor, reverses: minor, replayed }),
    z.object({ outcome: z.literal('already_reversed'), transferId: minor, replayed }),
    z.object({ outcome: z.literal('insufficient_funds'), replayed }),
    z.object({ outcome: z.literal('unknown_transfer'), replayed }),
    keyConflict,
  ]),
  expire: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('expired'), holdKey: z.string(), releasedMinor: minor, replayed }),
    z.object({ outcome: z.literal('not_due'), expiresAt: z.string(), replayed }),
    resolved,
    unknownHold,
    keyConflict,
  ]),
} as const;

export type Verb = keyof typeof answers;
export type Answer<V extends Verb> = z.infer<(typeof answers)[V]>;
