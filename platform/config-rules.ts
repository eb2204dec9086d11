import { z } from 'zod';
import { parseJson } from '../core/json.ts';

/** What `.env.example` and the error messages say about a variable beside its rule. */
export interface VariableFacts {
  readonly group: string;
  readonly about: string;
  readonly example: string;
  readonly secret?: true;
}

const facts = new WeakMap<z.ZodType, VariableFacts>();

/** Puts the facts beside a rule. */
export function variable<T extends z.ZodType>(rule: T, about: VariableFacts): T {
  facts.set(rule, about);
  return rule;
}

/** A port; 0 takes any free one. */
export const port = z.coerce
  .number('a port, 0 to 65535')
  .int('a port, 0 to 65535')
  .min(0, 'a port, 0 to 65535')
  .max(65_535, 'a port, 0 to 65535');

/** A whole number within bounds. */
export function count(min: number, max: number) {
  const text = `a whole number, ${min} to ${max}`;
  return z.coerce.number(text).int(text).min(min, text).max(max, text);
}

/** An address of the web, kept without a slash at its end. */
export const url = z
  .url({ protocol: /^https?$/, error: 'an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''));
/** An address of PostgreSQL. */
export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'a postgres:// address' });
/** Any text. */
export const text = z.string('a text');
/** True or false, in the words that people use. */
export const flag = z.stringbool({ truthy: ['true', '1', 'yes'], falsy: ['false', '0', 'no'], error: 'true or false' });

/** Fiscal data of a payment. */
export const receipt = z.object({
  email: z.email(),
  vatCode: z.int().min(1).max(12),
  paymentMode: z.string().optional(),
  paymentSubject: z.string().optional(),
  taxSystemCode: z.int().min(1).max(6).optional(),
});
export type ReceiptConfig = z.infer<typeof receipt>;

/** The reason of a refusal is not shown: it would quote the value, and two of these are secrets. */
export const jsonObject = z.string().transform((value, context): Record<string, unknown> => {
  const parsed = parseJson(value);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  context.issues.push({ code: 'custom', message: 'a JSON object', input: undefined });
  return z.NEVER;
});

/** What is said about a rule. */
export function factsOf(rule: z.ZodType): VariableFacts | undefined {
  return facts.get(rule);
}
