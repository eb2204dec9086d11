import { z } from 'zod';

/**
 * Where a person stands, as far as the next text or photo depends on it. A pointer only: what was typed stands in the
 * draft.
 */
const scene = z.discriminatedUnion('name', [
  z.object({ name: z.literal('none') }),
  z.object({
    name: z.literal('generate'),
    draftId: z.string(),
    /** The album that the last photo came in, so that its other photos change the same screen. */
    album: z.string().optional(),
  }),
  /** Looks at a payment; what is typed next has nothing to do with it. */
  z.object({ name: z.literal('payment'), topupId: z.string() }),
  /** Buys Stars or Premium; `asks` is what the screen wants to know. */
  z.object({
    name: z.literal('stars'),
    proposalId: z.string(),
    asks: z.enum(['amount', 'recipient', 'confirmation']),
  }),
  z.object({ name: z.literal('support'), topic: z.enum(['support', 'payment']) }),
]);

export type Scene = z.infer<typeof scene>;

export const noScene: Scene = { name: 'none' };

/** The scene of a stored session; none when it has expired or was written by another version. */
export function readScene(data: Readonly<Record<string, unknown>>): Scene {
  const parsed = scene.safeParse(data);
  return parsed.success ? parsed.data : noScene;
}
