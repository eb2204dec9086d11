import { done, type Outcome, refused } from '../../core/result.ts';
import { money } from '../../core/money.ts';
import { starsCurrency, starsProvider, type TelegramCharge } from '../../core/telegram-charge.ts';
import type { ListRange, Payment, PaymentPage, PaymentProvider } from '../ports.ts';
import type { ChargeBook } from './charge-book.ts';
import { toPayment, unpaid } from './charge-payment.ts';
import type { TelegramClient } from './client.ts';
import { toInvoice } from './invoice.ts';
import type { MethodPayload } from './methods.ts';
import { createStarTransactions, type StarTransaction, type StarTransactions } from './star-transactions.ts';

export interface StarsOptions {
  readonly client: Pick<TelegramClient, 'call'>;
  readonly book: ChargeBook;
  /** The bot's id, which stands for our shop. */
  readonly botId: string;
}

/** A link costs nothing and is never refused as a repeat: the same body may be sent for as long as we like. */
const linkLifetimeMs = Number.MAX_SAFE_INTEGER;

/**
 * Telegram Stars as a payment provider. A payment is known by our top-up's id, the invoice's payload, since a charge
 * has no id before it is paid. What was paid is read from our book of charges; what no update told us is found in the
 * bot's list of transactions. Telegram keeps nothing of a payment in Stars, so the income is the whole amount.
 */
export function createStars({ client, book, botId }: StarsOptions): PaymentProvider {
  const transactions = createStarTransactions(client);
  return {
    name: starsProvider,
    live: true,
    shopId: botId,
    idempotencyKeyLifetimeMs: linkLifetimeMs,
    createBody: (order) => JSON.stringify(toInvoice(order)),

    async create(_key, body) {
      const invoice = JSON.parse(body) as MethodPayload<'createInvoiceLink'>;
      const link = await client.call('createInvoiceLink', invoice);
      if (link.outcome !== 'done') return link;
      return done({ ...unpaid(invoice.payload, starsCurrency), payUrl: link.value });
    },

    async read(paymentId) {
      const charge = await book.ofPayload(starsProvider, paymentId);
      if (charge) return toPayment(charge, { isWhole: true });
      const newest = await transactions.newest();
      if (newest.outcome !== 'done') return newest;
      await completeBook(book, newest.value);
      const found = await book.ofPayload(starsProvider, paymentId);
      return found ? toPayment(found, { isWhole: true }) : done(unpaid(paymentId, starsCurrency));
    },

    list: (range) => list({ book, transactions }, range),

    /** `paymentId` is the charge's id here: a top-up may have been charged twice. */
    async refund(_key, { paymentId: chargeId }) {
      const charge = await book.get(chargeId);
      if (charge === null) return refused('not_found', 'no such charge is known');
      const request = { user_id: charge.telegramId, telegram_payment_charge_id: chargeId };
      const answer = await client.call('refundStarPayment', request);
      const isBack = answer.outcome === 'refused' && answer.code === 'already_refunded';
      if (answer.outcome !== 'done' && !isBack) return answer;
      const amount = money(charge.amountMinor, starsCurrency);
      return done({ refundId: chargeId, paymentId: chargeId, status: 'succeeded', amount });
    },
  };
}

/** Payments since a moment, oldest first, as Telegram lists them. Whatever is news to our book is entered there. */
async function list(
  { book, transactions }: { book: ChargeBook; transactions: StarTransactions },
  { createdFrom, createdTo, status = 'succeeded', cursor }: ListRange,
): Promise<Outcome<PaymentPage>> {
  if (status !== 'succeeded') return done({ payments: [] });
  const start = cursor === undefined ? await transactions.seek(toSeconds(createdFrom)) : done(Number(cursor));
  if (start.outcome !== 'done') return start;
  const page = await transactions.page(start.value);
  if (page.outcome !== 'done') return page;
  const charges = await completeBook(book, page.value.transactions);
  const { nextOffset } = page.value;
  const payments = charges
    .filter(({ paidAt }) => createdTo === undefined || Date.parse(paidAt) < Date.parse(createdTo))
    .map((charge) => toPayment({ ...charge, isReturned: false }, { isWhole: true }))
    .flatMap((payment): Payment[] => (payment.outcome === 'done' ? [payment.value] : []));
  return done({ payments, ...(nextOffset === undefined ? {} : { nextCursor: String(nextOffset) }) });
}

/** Enters what our book lacks of these transactions; answers the charges among them. */
async function completeBook(book: ChargeBook, found: readonly StarTransaction[]): Promise<TelegramCharge[]> {
  const charges = found.flatMap(toCharge);
  const unknown = await book.unknownOf(charges.map(({ chargeId }) => chargeId));
  for (const charge of charges) if (unknown.has(charge.chargeId)) await book.recordFound(charge);
  const returned = found.flatMap(({ id, receiver }) => (isInvoice(receiver) ? [id] : []));
  for (const chargeId of await book.unreturnedOf(returned)) await book.recordReturned(chargeId);
  return charges;
}

function toCharge({ id, amount, date, source }: StarTransaction): TelegramCharge[] {
  if (!isInvoice(source)) return [];
  return [
    {
      chargeId: id,
      payload: source.invoice_payload ?? '',
      telegramId: source.user.id,
      currency: starsCurrency,
      amountMinor: BigInt(amount),
      paidAt: new Date(date * 1_000).toISOString(),
    },
  ];
}

type Partner = NonNullable<StarTransaction['source']>;

function isInvoice(partner: Partner | undefined): partner is Extract<Partner, { type: 'user' }> {
  return partner?.type === 'user' && partner.transaction_type === 'invoice_payment';
}

function toSeconds(moment: string): number {
  return Math.floor(Date.parse(moment) / 1_000);
}
