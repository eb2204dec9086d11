import { z } from 'zod';
import { isAsset } from '../../core/assets.ts';
import { type Money, fromDecimal } from '../../core/money.ts';
import type { Payment, PaymentStatus, Refund } from '../ports.ts';

/*
 * What we read of YooKassa's answers (API v3). Objects stay open: fields that we do not name are ignored, and a status
 * or a currency that we do not know is told as such by `toPayment`, never guessed.
 */

const amountSchema = z.object({ value: z.string(), currency: z.string() });
const timeSchema = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

export const paymentSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount: amountSchema,
  income_amount: amountSchema.optional(),
  test: z.boolean(),
  created_at: timeSchema,
  captured_at: timeSchema.optional(),
  expires_at: timeSchema.optional(),
  recipient: z.object({ account_id: z.string() }).optional(),
  confirmation: z.object({ confirmation_url: z.string().optional() }).optional(),
  metadata: z.record(z.string(), z.string().nullable()).optional(),
  cancellation_details: z.object({ reason: z.string() }).optional(),
});

export const paymentListSchema = z.object({ items: z.array(z.unknown()), next_cursor: z.string().optional() });

export const refundSchema = z.object({
  id: z.string().min(1),
  payment_id: z.string().min(1),
  status: z.string(),
  amount: amountSchema,
});

export const shopSchema = z.object({ account_id: z.string().min(1) });

export const errorSchema = z.object({
  code: z.string().optional(),
  description: z.string().optional(),
  parameter: z.string().optional(),
  /** Milliseconds. */
  retry_after: z.number().nonnegative().optional(),
});

/** What stands in the way of taking a well-formed object as ours. */
export type Misfit = 'unknown_status' | 'unknown_currency';

const statuses: readonly string[] = ['pending', 'waiting_for_capture', 'succeeded', 'canceled'];

/** The payer's time on the page for cards, wallets and SBP; the API does not give it in the answer. */
const confirmationTermMs = 60 * 60 * 1000;

/** A payment in our terms. A currency or status outside our tables is a misfit. */
export function toPayment(raw: z.infer<typeof paymentSchema>): Payment | Misfit {
  const amount = toMoney(raw.amount);
  if (!amount) return 'unknown_currency';
  if (!statuses.includes(raw.status)) return 'unknown_status';
  const status = raw.status as PaymentStatus;
  return defined({
    paymentId: raw.id,
    status,
    amount,
    income: raw.income_amount && toMoney(raw.income_amount),
    test: raw.test,
    shopId: raw.recipient?.account_id,
    topupId: raw.metadata?.['topupId'] ?? undefined,
    payUrl: raw.confirmation?.confirmation_url,
    createdAt: raw.created_at,
    expiresAt: raw.expires_at ?? (status === 'pending' ? confirmationEnd(raw.created_at) : undefined),
    capturedAt: raw.captured_at,
    cancelReason: raw.cancellation_details?.reason,
  });
}

/** A refund in our terms. */
export function toRefund(raw: z.infer<typeof refundSchema>): Refund | Misfit {
  const amount = toMoney(raw.amount);
  if (!amount) return 'unknown_currency';
  if (raw.status !== 'pending' && raw.status !== 'succeeded' && raw.status !== 'canceled') return 'unknown_status';
  return { refundId: raw.id, paymentId: raw.payment_id, status: raw.status, amount };
}

function toMoney({ value, currency }: z.infer<typeof amountSchema>): Money | undefined {
  return isAsset(currency) ? fromDecimal(value, currency) : undefined;
}

function confirmationEnd(createdAt: string): string {
  return new Date(Date.parse(createdAt) + confirmationTermMs).toISOString();
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined, so that an absent field is absent. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
