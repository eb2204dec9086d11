import { z } from 'zod';
import { starItemKinds } from '../flows/star-purchase.ts';
import { assetCodes } from '../assets.ts';
import { errorCodes } from '../errors.ts';
import { isUuid } from '../ids.ts';
import { limits } from '../limits.ts';

/** Text that PostgreSQL can keep: no NUL, no lone half of a character. */
export function text(lengthMax: number, lengthMin = 0) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be well-formed text without NUL');
}

/** The id of something of ours, in its canonical form. */
export const id = z
  .string()
  .refine(isUuid, 'must be a UUID in lower case')
  .meta({ format: 'uuid', examples: ['0193a5e0-7c1e-7b3a-9d55-2f1f6f0c9a10'] });

export const asset = z.enum(assetCodes);

/** Minor units as text: 50000 RUB are 500.00 roubles. */
export const minor = z
  .string()
  .regex(/^-?\d{1,19}$/)
  .meta({ examples: ['50000'] });

export const money = z.object({ amountMinor: minor, asset }).meta({ id: 'Money' });

/** A moment in UTC. */
export const time = z.iso.datetime().meta({ examples: ['2026-11-21T10:02:56.217Z'] });

/** Where a list goes on; only what an answer gave is understood. */
const cursor = z.string().regex(/^[\w-]{1,200}$/, 'must be a cursor from an answer');

export const page = z.object({
  cursor: cursor.optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d?$/, `must be a number, 1 to ${limits.listPageMax}`)
    .transform(Number)
    .pipe(z.number().max(limits.listPageMax))
    .optional(),
});

export const ownId = z.object({ id });

/** RFC 9457. `code` is what a program reads. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(errorCodes),
    detail: z.string().optional(),
    requestId: z.string(),
    retryable: z.boolean(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** What a purchase of Stars or Premium is of and for whom: a page makes a title of it in its reader's language. */
export const boughtStars = z
  .object({ kind: z.enum(starItemKinds), quantity: z.int(), recipient: z.string() })
  .meta({ id: 'BoughtStars' });
