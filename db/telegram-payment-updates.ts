import { z } from 'zod';
import type { TelegramCharge } from '../core/telegram-charge.ts';
import { storable } from '../core/text.ts';

/** What an update says about money: a charge, the return of one, or that it can only be read by a person. */
export type PaymentNews =
  | { readonly kind: 'charged'; readonly charge: TelegramCharge }
  | { readonly kind: 'returned'; readonly charge: TelegramCharge }
  | { readonly kind: 'unreadable'; readonly updateId: number };

const text = z.string().transform(storable);
/** The last second that RFC 3339 can write. */
const dateMax = Date.parse('9999-12-31T23:59:59Z') / 1_000;

const paid = z.object({
  currency: text,
  total_amount: z.int().nonnegative(),
  invoice_payload: text,
  telegram_payment_charge_id: text.pipe(z.string().min(1)),
  provider_payment_charge_id: text.optional(),
});

const message = z.object({
  date: z.int().positive().max(dateMax),
  from: z.object({ id: z.int() }).optional(),
  chat: z.object({ id: z.int() }),
  successful_payment: paid.optional(),
  refunded_payment: paid.optional(),
});

const announced = z.object({
  update_id: z.int(),
  message: z
    .looseObject({ successful_payment: z.unknown().optional(), refunded_payment: z.unknown().optional() })
    .optional(),
});

/**
 * Reads an update for money; undefined when it speaks of none. One that names a payment and cannot be read is
 * `unreadable`: it must not be lost, and must not stop the chat.
 */
export function readPaymentNews(update: unknown): PaymentNews | undefined {
  const seen = announced.safeParse(update);
  if (!seen.success || seen.data.message === undefined) return undefined;
  if (seen.data.message.successful_payment === undefined && seen.data.message.refunded_payment === undefined) {
    return undefined;
  }
  const read = message.safeParse(seen.data.message);
  if (!read.success) return { kind: 'unreadable', updateId: seen.data.update_id };
  const { date, from, chat, successful_payment: charged, refunded_payment: returned } = read.data;
  const money = charged ?? returned;
  if (money === undefined) return undefined;
  const charge: TelegramCharge = {
    chargeId: money.telegram_payment_charge_id,
    payload: money.invoice_payload,
    // A service message in a private chat: who is written in is who paid. After a refund the sender may be the bot.
    telegramId: charged === undefined ? chat.id : (from?.id ?? chat.id),
    currency: money.currency,
    amountMinor: BigInt(money.total_amount),
    ...(money.provider_payment_charge_id === undefined ? {} : { providerChargeId: money.provider_payment_charge_id }),
    paidAt: new Date(date * 1_000).toISOString(),
  };
  return { kind: charged === undefined ? 'returned' : 'charged', charge };
}
