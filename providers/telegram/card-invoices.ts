import { done, refused } from '../../core/result.ts';
import { cardInvoiceProvider } from '../../core/telegram-charge.ts';
import type { Secret } from '../../platform/secret.ts';
import type { PaymentProvider } from '../ports.ts';
import type { ChargeBook } from './charge-book.ts';
import { toPayment, unpaid } from './charge-payment.ts';
import type { TelegramClient } from './client.ts';
import { toInvoice } from './invoice.ts';
import type { MethodPayload } from './methods.ts';

export interface CardInvoicesOptions {
  readonly client: Pick<TelegramClient, 'call'>;
  readonly book: Pick<ChargeBook, 'ofPayload'>;
  readonly botId: string;
  /** Of the payment provider behind Telegram, from BotFather. */
  readonly providerToken: Secret;
}

const linkLifetimeMs = Number.MAX_SAFE_INTEGER;

/**
 * Card invoices in the chat, charged by another provider behind Telegram. The proof of a payment is Telegram's update,
 * which our book keeps; Telegram lists none and returns none, so a refund is made in the cabinet of that provider. Its
 * fee is not told, and estimated.
 */
export function createCardInvoices({ client, book, botId, providerToken }: CardInvoicesOptions): PaymentProvider {
  return {
    name: cardInvoiceProvider,
    live: !providerToken.reveal().includes(':TEST:'),
    shopId: botId,
    idempotencyKeyLifetimeMs: linkLifetimeMs,
    createBody: (order) => JSON.stringify(toInvoice(order)),

    async create(_key, body) {
      const invoice = JSON.parse(body) as MethodPayload<'createInvoiceLink'>;
      const link = await client.call('createInvoiceLink', { ...invoice, provider_token: providerToken.reveal() });
      if (link.outcome !== 'done') return link;
      return done({ ...unpaid(invoice.payload, 'RUB'), payUrl: link.value });
    },

    async read(paymentId) {
      const charge = await book.ofPayload(cardInvoiceProvider, paymentId);
      return charge ? toPayment(charge, { isWhole: false }) : done(unpaid(paymentId, 'RUB'));
    },

    list: () => Promise.resolve(done({ payments: [] })),

    refund: () =>
      Promise.resolve(refused('not_supported', 'a card payment is returned in the cabinet of its own provider')),
  };
}
