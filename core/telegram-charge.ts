/*
 * What Telegram says about money that a person paid in a chat. It has no payment before that: until the charge exists,
 * our top-up's id, which travels as the invoice's payload, stands for the payment.
 */

/** The payment providers that are Telegram itself, by the currency of their invoices. */
export const starsProvider = 'stars';
export const cardInvoiceProvider = 'telegram-card';

/** Telegram's own currency; one Star is its smallest part. */
export const starsCurrency = 'XTR';

/** One charge: unique by `chargeId`, and repeated as often as Telegram likes. */
export interface TelegramCharge {
  /** `telegram_payment_charge_id`: longer than 128 characters in real life. */
  readonly chargeId: string;
  /** `invoice_payload`, as it came: ours only when a top-up has this id. */
  readonly payload: string;
  /** Who paid. */
  readonly telegramId: number;
  /** As Telegram names it; it may be none of ours. */
  readonly currency: string;
  readonly amountMinor: bigint;
  /** The charge at the card's own provider. */
  readonly providerChargeId?: string;
  /** RFC 3339. */
  readonly paidAt: string;
}

/** A charge that we know, and whether it goes back or has gone back. */
export interface KnownCharge extends TelegramCharge {
  readonly isReturned: boolean;
}

/** The provider whose invoices are in a currency: Stars, else cards. */
export function providerOfCurrency(currency: string): typeof starsProvider | typeof cardInvoiceProvider {
  return currency === starsCurrency ? starsProvider : cardInvoiceProvider;
}
