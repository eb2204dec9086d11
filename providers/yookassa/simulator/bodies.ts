import { z } from 'zod';
import { minorOf } from './amounts.ts';
import { type AmountObject, invalidRequest } from './model.ts';

const amount = z.object({
  value: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/)
    .refine((value) => /[1-9]/.test(value)),
  currency: z.literal('RUB', { error: 'Currency code is illegal' }),
});

const metadata = z
  .record(z.string().max(32), z.string().max(512).nullable())
  .refine((data) => Object.keys(data).length <= 16, { error: 'Metadata object is limited to 16 keys' });

const returnUrl = z
  .string()
  .max(2_048)
  .refine((url) => URL.canParse(url) && !['javascript:', 'data:'].includes(new URL(url).protocol));

const confirmation = z
  .object({
    type: z.enum(['redirect', 'embedded', 'qr', 'external', 'mobile_application']),
    return_url: returnUrl.optional(),
  })
  .refine(({ type, return_url }) => return_url !== undefined || !['redirect', 'mobile_application'].includes(type), {
    error: 'Return url is missing',
    path: ['return_url'],
  });

const receiptItem = z.object({
  description: z.string().min(1).max(128),
  quantity: z.coerce.number().positive().max(99_999.999),
  amount,
  vat_code: z.number().int().min(1).max(12),
});

const receipt = z.object(
  {
    customer: z.object({ email: z.string().optional(), phone: z.string().optional() }),
    items: z.array(receiptItem).min(1).max(100),
  },
  { error: 'Receipt is missing or illegal' },
);

const paymentBody = z
  .object({
    amount,
    capture: z.boolean().default(false),
    description: z.string().max(128).optional(),
    metadata: metadata.optional(),
    confirmation: confirmation.optional(),
    payment_method_data: z.object({ type: z.string() }).optional(),
    payment_method_id: z.string().optional(),
    payment_token: z.string().optional(),
    receipt: receipt.optional(),
  })
  .refine((body) => givenMethods(body) <= 1, {
    error: 'Request should contain only one of: payment_method_data, payment_method_id, payment_token',
  })
  .refine((body) => body.payment_method_id === undefined || body.confirmation === undefined, {
    error: 'Confirmation must be null when using payment_method_id',
    path: ['confirmation'],
  })
  .refine((body) => body.payment_method_id === undefined, {
    error: 'Payment method is not found',
    path: ['payment_method_id'],
  });

const refundBody = z.object({
  payment_id: z.string().length(36),
  amount,
  description: z.string().max(250).optional(),
  metadata: metadata.optional(),
});

const captureBody = z.object({ amount: amount.optional() });

export type PaymentBody = z.infer<typeof paymentBody>;
export type RefundBody = z.infer<typeof refundBody>;

/** Checks a body of `POST /payments`; throws the documents' 400. */
export function readPaymentBody(raw: string, receiptRequired: boolean): PaymentBody {
  const body = check(paymentBody, raw);
  if (receiptRequired && !body.receipt) throw invalidRequest('Receipt is missing or illegal', 'receipt');
  if (body.receipt && receiptMinor(body.receipt.items) !== minorOf(body.amount)) {
    throw invalidRequest('Receipt is missing or illegal', 'receipt');
  }
  return body;
}

/** Checks a body of `POST /refunds`. */
export function readRefundBody(raw: string): RefundBody {
  return check(refundBody, raw);
}

/** Checks a body of `POST /payments/{id}/capture`, which may be empty. */
export function readCaptureBody(raw: string): { amount?: AmountObject | undefined } {
  return check(captureBody, raw === '' ? '{}' : raw);
}

function check<S extends z.ZodType>(schema: S, raw: string): z.infer<S> {
  const parsed = schema.safeParse(parse(raw), { error: () => 'Invalid request parameter' });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalidRequest(issue?.message ?? 'Invalid request parameter', issue?.path.join('.') || undefined);
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    throw invalidRequest('Failed to parse request body');
  }
}

function givenMethods(body: { payment_method_data?: unknown; payment_method_id?: unknown; payment_token?: unknown }) {
  return [body.payment_method_data, body.payment_method_id, body.payment_token].filter((given) => given !== undefined)
    .length;
}

/** An item's amount is the price of one unit. */
function receiptMinor(items: readonly z.infer<typeof receiptItem>[]): bigint {
  return items.reduce(
    (sum, { amount: unit, quantity }) => sum + (minorOf(unit) * BigInt(Math.round(quantity * 1_000))) / 1_000n,
    0n,
  );
}
