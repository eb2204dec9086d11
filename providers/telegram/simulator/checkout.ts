import { randomBytes } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { newId, queryTooOld } from './callbacks.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Collections, Person, Settings, StoredInvoice, StoredPayment } from './model.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';

/** How a payment ended, as the payer's screen shows it. */
export interface PayResult {
  readonly status: 'paid' | 'cancelled' | 'failed' | 'pending';
  readonly error?: string;
  readonly chargeId?: string;
}

export interface PayWish {
  readonly invoiceId: string;
  /** The message that shows the invoice, when it was paid there. */
  readonly messageId?: number;
  readonly outcome: 'paid' | 'cancelled' | 'failed';
  /** The update about it comes twice. */
  readonly duplicate: boolean;
  /** The update about it does not come at all, as when it was lost. */
  readonly lost: boolean;
}

export interface Checkout {
  readonly methods: Methods;
  pay(person: Person, wish: PayWish): Promise<PayResult>;
  /** The job that ends a checkout which the bot has not answered. */
  expire(data: { queryId: string }): void;
  close(): void;
}

interface CheckoutDeps {
  readonly parts: SimulatorParts;
  readonly collections: Collections;
  readonly people: People;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly events: ChatEvents;
  readonly settings: Settings;
}

interface OpenQuery {
  readonly untilMs: number;
  answer(refusal: string | undefined): void;
}

/** The texts of the payer's screen. */
const timedOut = 'BOT_PRECHECKOUT_TIMEOUT';
const bankRefused = 'PAYMENT_FAILED';
const noStars = 'BALANCE_TOO_LOW';

/** From the payer's tap to the message about the money (contract of the Bot API, section 3.2). */
export function createCheckout(deps: CheckoutDeps): Checkout {
  const { parts, collections, people, messages, updates, events, settings } = deps;
  const { clock, jobs, store } = parts;
  const open = new Map<string, OpenQuery>();

  /** Asks the bot; the refusal's text, or undefined when it agrees in time. */
  function ask(person: Person, invoice: StoredInvoice): Promise<string | undefined> {
    const id = newId();
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const untilMs = clock.nowMs() + settings.checkoutSeconds * 1_000;
    const jobId = jobs.schedule({ kind: 'checkout-timeout', data: { queryId: id }, dueAtMs: untilMs });
    open.set(id, {
      untilMs,
      answer(refusal) {
        open.delete(id);
        jobs.cancel(jobId);
        resolve(refusal);
      },
    });
    const query = {
      id,
      from: people.asUser(person),
      currency: invoice.currency,
      total_amount: invoice.totalAmount,
      invoice_payload: invoice.payload,
    };
    updates.add('pre_checkout_query', query, `checkout:${person.telegramId}`);
    return promise;
  }

  /** Takes the money and tells it, all of it or nothing. */
  function settle(person: Person, invoice: StoredInvoice, wish: PayWish): StoredPayment {
    return store.atomically(() => {
      const stars = invoice.currency === 'XTR';
      const chat = people.chat(person.telegramId);
      people.save({ ...chat, started: true, seen: true, stars: chat.stars - (stars ? invoice.totalAmount : 0) });
      const payment = chargeOf(person, invoice, clock.nowMs());
      collections.payments.put(payment.chargeId, payment);
      if (stars) {
        collections.starTransactions.put(`in:${payment.chargeId}`, {
          direction: 'in',
          chargeId: payment.chargeId,
          telegramId: person.telegramId,
          amount: invoice.totalAmount,
          payload: invoice.payload,
          atMs: clock.nowMs(),
          ...(invoice.subscriptionSeconds === undefined ? {} : { subscriptionSeconds: invoice.subscriptionSeconds }),
        });
      }
      markPaid(person, wish.messageId);
      const message = messages.receive(person, { successful_payment: successFields(payment) });
      const copies = wish.lost ? 0 : wish.duplicate ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) updates.add('message', message, `chat:${person.telegramId}`);
      return payment;
    });
  }

  function markPaid(person: Person, messageId: number | undefined): void {
    const shown = messageId === undefined ? undefined : messages.find(person.telegramId, messageId);
    if (shown) messages.changed({ ...shown, paid: true });
    events.emit(person.telegramId, { kind: 'chat' });
  }

  return {
    async pay(person, wish) {
      if (wish.outcome === 'cancelled') return { status: 'cancelled' };
      const invoice = collections.invoices.get(wish.invoiceId);
      if (!invoice) return { status: 'failed', error: 'INVOICE_INVALID' };
      const stars = invoice.currency === 'XTR';
      if (stars && people.chat(person.telegramId).stars < invoice.totalAmount) {
        return { status: 'failed', error: noStars };
      }
      const refusal = await ask(person, invoice);
      if (refusal !== undefined) return { status: 'failed', error: refusal };
      if (wish.outcome === 'failed' || takeFailure(settings)) return { status: 'failed', error: bankRefused };
      return { status: 'paid', chargeId: settle(person, invoice, wish).chargeId };
    },
    methods: {
      answerPreCheckoutQuery({ parameters }) {
        const id = parameters.text('pre_checkout_query_id') ?? '';
        const ok = parameters.boolean('ok');
        const refusal = parameters.text('error_message') ?? '';
        if (!ok && refusal === '') throw badRequest('PRECHECKOUT_ERROR_EMPTY');
        const query = open.get(id);
        if (!query || query.untilMs < clock.nowMs()) throw badRequest(queryTooOld);
        query.answer(ok ? undefined : refusal);
        return true;
      },
    },
    expire: ({ queryId }) => open.get(queryId)?.answer(timedOut),
    close() {
      for (const query of open.values()) query.answer(timedOut);
    },
  };
}

function takeFailure(settings: Settings): boolean {
  if (settings.failPayments <= 0) return false;
  settings.failPayments -= 1;
  return true;
}

function chargeOf(person: Person, invoice: StoredInvoice, nowMs: number): StoredPayment {
  const stars = invoice.currency === 'XTR';
  // Real ones for Stars exceed 128 characters.
  const chargeId = stars
    ? `stx${randomBytes(102).toString('base64url')}`
    : `${String(person.telegramId)}_${randomBytes(12).toString('hex')}`;
  return {
    chargeId,
    providerChargeId: stars ? `${person.telegramId}_0` : randomBytes(18).toString('hex'),
    telegramId: person.telegramId,
    currency: invoice.currency,
    totalAmount: invoice.totalAmount,
    payload: invoice.payload,
    invoiceId: invoice.id,
    paidAtMs: nowMs,
    refunded: false,
    ...(invoice.subscriptionSeconds === undefined
      ? {}
      : { subscription: { expiresAtMs: nowMs + invoice.subscriptionSeconds * 1_000, canceled: false, first: true } }),
  };
}

/** The `successful_payment` of a message. */
function successFields({ subscription, ...payment }: StoredPayment) {
  return {
    currency: payment.currency,
    total_amount: payment.totalAmount,
    invoice_payload: payment.payload,
    ...(subscription === undefined
      ? {}
      : {
          subscription_expiration_date: Math.floor(subscription.expiresAtMs / 1_000),
          is_recurring: true,
          ...(subscription.first ? { is_first_recurring: true } : {}),
        }),
    telegram_payment_charge_id: payment.chargeId,
    provider_payment_charge_id: payment.providerChargeId,
  };
}
