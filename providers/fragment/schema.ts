import { z } from 'zod';
import { parseJson } from '../../core/json.ts';

/*
 * What we read of Fragment's answers. Objects stay open: the site adds fields as it likes.
 */

/** The answer's object; undefined when the text is none. */
export function parseAnswer(text: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseJson(text);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
}

export const foundSchema = z.object({
  found: z.object({ recipient: z.string().min(1), name: z.string().default('') }),
});

export const initSchema = z.object({
  req_id: z.string().min(1),
  amount: z.union([z.string(), z.number()]),
});

export const linkSchema = z.object({
  transaction: z.object({
    validUntil: z.int().positive(),
    from: z.string().optional(),
    messages: z.array(
      z.object({
        address: z.string(),
        amount: z.union([z.string().regex(/^\d{1,30}$/), z.int().positive().transform(String)]),
        payload: z.string(),
        stateInit: z.string().nullish(),
      }),
    ),
  }),
});

/** An AJAX page: its HTML. */
export const ajaxPageSchema = z.object({ h: z.string() });

/** More rows of a table that is shown in pieces: the rows, and what stands below them. */
export const furtherPageSchema = z.object({ body: z.string(), foot: z.string().default('') });

/** The page's token for API calls, which stands in its script (`/api?hash=…`, with slashes escaped or not). */
export function hashOf(page: string): string | undefined {
  return /\\?\/api\?hash=([\da-fA-F]{8,64})/.exec(page)?.[1];
}

/** What a wallet has to sign for this session: it stands in the page's `Wallet.init(…)`. */
export function proofPayloadOf(page: string): string | undefined {
  const at = page.indexOf('Wallet.init(');
  return at === -1 ? undefined : /"ton_proof"\s*:\s*"([\w+/=.-]{8,512})"/.exec(page.slice(at))?.[1];
}
