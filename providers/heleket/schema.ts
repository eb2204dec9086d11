import { z } from 'zod';
import { isAsset } from '../../core/assets.ts';
import { type Money, fromDecimal, money } from '../../core/money.ts';
import type { Payment, PaymentStatus } from '../ports.ts';

/*
 * What we read of Heleket's invoices. Objects stay open. Amounts are decimal texts of any scale;
 * `amount` is in the currency that we asked in, `payer_amount` (due), `payment_amount` (paid) and `merchant_amount`
 * (paid less commission) are in the payer's coin at the rate that Heleket quoted for this invoice.
 */

const decimal = z.string().regex(/^\d{1,24}(\.\d{1,24})?$/);
const amountInCoin = decimal.nullish().catch(null);

export const invoiceSchema = z.object({
  uuid: z.string().min(1),
  order_id: z.string().min(1),
  amount: decimal,
  currency: z.string(),
  payer_amount: amountInCoin,
  payment_amount: amountInCoin,
  merchant_amount: amountInCoin,
  payer_currency: z.string().nullish(),
  network: z.string().nullish(),
  payment_status: z.string(),
  is_final: z.boolean(),
  url: z.string().nullish(),
  expired_at: z.number().nullish(),
  created_at: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  updated_at: z.string().nullish(),
});

export type Invoice = z.infer<typeof invoiceSchema>;

export const invoiceListSchema = z.object({
  items: z.array(z.unknown()),
  paginate: z.object({ nextCursor: z.string().nullish() }),
});

export const serviceSchema = z.object({
  network: z.string(),
  currency: z.string(),
  is_available: z.boolean(),
  limit: z.object({ min_amount: decimal, max_amount: decimal }),
});

export const balanceSchema = z
  .array(
    z.object({ balance: z.object({ merchant: z.array(z.object({ balance: decimal, currency_code: z.string() })) }) }),
  )
  .min(1);

/** What stands in the way of taking a well-formed invoice as ours. */
export type Misfit = 'unknown_status' | 'unknown_currency';

/**
 * What each status means for us. `wrong_amount` is money that came, too little of it; `locked` is held by an AML check
 * and may become paid later; `refund_fail` left the money with us.
 */
const statuses: Readonly<Record<string, PaymentStatus>> = {
  check: 'pending',
  process: 'pending',
  confirm_check: 'pending',
  wrong_amount_waiting: 'pending',
  paid: 'succeeded',
  paid_over: 'succeeded',
  wrong_amount: 'succeeded',
  refund_fail: 'succeeded',
  cancel: 'canceled',
  fail: 'canceled',
  system_fail: 'canceled',
  locked: 'held',
  refund_process: 'returned',
  refund_paid: 'returned',
};

/** An invoice in our terms. A currency or status outside our tables is a misfit. */
export function toPayment(raw: Invoice): Payment | Misfit {
  const asked = isAsset(raw.currency) ? fromDecimal(raw.amount, raw.currency) : undefined;
  if (!asked) return 'unknown_currency';
  const named = statusOf(raw);
  if (named === undefined) return 'unknown_status';
  const received = named === 'succeeded' ? receivedOf(raw, asked) : asked;
  const status = received === undefined || hasStrandedMoney(raw, named) ? 'held' : named;
  const income = status === 'succeeded' ? atQuotedRate(raw.merchant_amount, raw, asked) : undefined;
  const soFar = named === 'pending' ? partOf(raw, asked) : undefined;
  const topupId = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-\d{1,4})?$/.exec(raw.order_id)?.[1];
  return {
    paymentId: raw.uuid,
    status,
    amount: received ?? asked,
    asked,
    ...(soFar === undefined ? {} : { receivedSoFar: soFar }),
    ...(income === undefined ? {} : { income }),
    test: false,
    ...(topupId === undefined ? {} : { topupId }),
    ...(raw.url ? { payUrl: raw.url } : {}),
    createdAt: new Date(raw.created_at).toISOString(),
    ...(raw.expired_at ? { expiresAt: new Date(raw.expired_at * 1_000).toISOString() } : {}),
    ...(status === 'succeeded' ? { capturedAt: timeOf(raw.updated_at) ?? new Date(raw.created_at).toISOString() } : {}),
    ...(status === 'succeeded' ? {} : { cancelReason: raw.payment_status }),
  };
}

/** What an invoice's status means. Its own word that more may come outranks our table: it is not over then. */
function statusOf({ payment_status: status, is_final: isFinal }: Invoice): PaymentStatus | undefined {
  const named = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  return !isFinal && (named === 'succeeded' || named === 'canceled') ? 'pending' : named;
}

/** A dead invoice that coins arrived for: whose they are is for a person to find out. */
function hasStrandedMoney({ payment_amount }: Invoice, status: PaymentStatus): boolean {
  return status === 'canceled' && (scaled(payment_amount) ?? 0n) > 0n;
}

/** What came, in the currency that we asked in; undefined where the invoice does not let us know. */
function receivedOf(raw: Invoice, asked: Money): Money | undefined {
  return raw.payment_status === 'paid' ? asked : atQuotedRate(raw.payment_amount, raw, asked);
}

/** What has come of an invoice that waits for the rest; undefined where nothing has, or it is not said. */
function partOf(raw: Invoice, asked: Money): Money | undefined {
  if (!raw.payment_status.startsWith('wrong_amount')) return undefined;
  const part = atQuotedRate(raw.payment_amount, raw, asked);
  return part !== undefined && part.minor > 0n && part.minor < asked.minor ? part : undefined;
}

/** An amount of the payer's coin at the rate of the invoice's own quote, rounded down; never a rate of ours. */
function atQuotedRate(amount: string | null | undefined, { payer_amount }: Invoice, asked: Money): Money | undefined {
  const [given, due] = [scaled(amount), scaled(payer_amount)];
  if (given === undefined || due === undefined || due === 0n) return undefined;
  return money((asked.minor * given) / due, asked.asset);
}

const places = 24;

function scaled(text: string | null | undefined): bigint | undefined {
  if (text === null || text === undefined) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(places, '0'));
}

function timeOf(text: string | null | undefined): string | undefined {
  return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}
