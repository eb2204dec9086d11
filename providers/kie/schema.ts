import { z } from 'zod';
import { parseJson } from '../../core/json.ts';

const code = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{3}$/)
    .transform(Number),
]);
const optionalText = z.string().nullish();

/** The id of a task, as we can keep it and put it into an address: printable ASCII. */
export const taskIdSchema = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/** Percent, as whole as our column. */
const progressSchema = z.number().transform((percent) => Math.round(Math.min(100, Math.max(0, percent))));

/** Every answer of kie.ai. Some older pages spell `msg` as `message`; both are read. */
const envelopeSchema = z
  .looseObject({ code, msg: optionalText, message: optionalText, data: z.unknown().optional() })
  .transform((body) => ({ code: body.code, message: body.msg ?? body.message ?? '', data: body.data }));

export type Envelope = z.output<typeof envelopeSchema>;

/** Reads an envelope by its text, whatever the Content-Type said; undefined when the text is none. */
export function parseEnvelope(text: string): Envelope | undefined {
  const parsed = envelopeSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

/** `data` of an accepted createTask. */
export const createdSchema = z.looseObject({ taskId: taskIdSchema });

/**
 * `data` of recordInfo. `param` and `resultJson` are strings that hold JSON; open sets stay open. Progress and cost are
 * told by the way: one that cannot be read must not cost the pictures.
 */
export const recordSchema = z.looseObject({
  taskId: z.string(),
  state: z.string(),
  param: optionalText,
  resultJson: optionalText,
  failCode: z.union([z.string(), z.number().transform(String)]).nullish(),
  failMsg: optionalText,
  progress: progressSchema.nullish().catch(undefined),
  creditsConsumed: z.number().nonnegative().nullish().catch(undefined),
});

export type TaskRecord = z.output<typeof recordSchema>;

const resultsSchema = z.looseObject({ resultUrls: z.array(z.string().min(1)).min(1) });

/** The addresses in a `resultJson`; undefined when it holds none. */
export function parseResultUrls(resultJson: string | null | undefined): readonly string[] | undefined {
  const parsed = resultsSchema.safeParse(parseJson(resultJson ?? ''));
  return parsed.success ? parsed.data.resultUrls : undefined;
}

const paramSchema = z.looseObject({ callBackUrl: z.string().nullish(), callbackUrl: z.string().nullish() });

/** The callback address that a task was created with, out of the record's `param`. */
export function parseCallbackUrl(param: string | null | undefined): string | undefined {
  const parsed = paramSchema.safeParse(parseJson(param ?? ''));
  return parsed.success ? (parsed.data.callBackUrl ?? parsed.data.callbackUrl ?? undefined) : undefined;
}

/** `data` of an upload; older pages name the address `fileUrl`. */
export const uploadedSchema = z
  .looseObject({ downloadUrl: z.url().nullish(), fileUrl: z.url().nullish() })
  .transform((data) => data.downloadUrl ?? data.fileUrl ?? undefined);

/** `data` of the credit balance. */
export const creditsSchema = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
