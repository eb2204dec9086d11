import { z } from 'zod';
import { starItemKinds } from '../core/flows/star-purchase.ts';

/** What a purchase of Stars or Premium is of and for whom, for titles in the reader's own language. */
export const boughtStars = z.object({ kind: z.enum(starItemKinds), quantity: z.number(), recipient: z.string() });

export type BoughtStars = z.infer<typeof boughtStars>;
