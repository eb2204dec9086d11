import type { SimulatorParts } from '../../simulator-kit.ts';
import { newId, queryTooOld } from './callbacks.ts';
import type { Charges } from './charges.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Collections, Person, Settings, StoredInvoice } from './model.ts';
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
  readonly charges: Charges;
}

interface OpenQuery {
  readonly untilMs: number;
  answer(refusal: string | undefined): void;
}

/** The texts of the payer's screen. */
const timedOut = 'BOT_PRECHECKOUT_TIMEOUT';
const bankRefused = 'PAYMENT_FAILED';
const noStars = 'BALANCE_TOO_LOW';
const paidBefore = 'INVOICE_ALREADY_PAID';

/** From the payer's tap to the message about the money: asked of the bot first, and paid only after its yes in time. */
export function createCheckout(deps: CheckoutDeps): Checkout {
  const { parts, collections, people, messages, updates, events, settings, charges } = deps;
  const { clock, jobs } = parts;
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

  /** Why this cannot be paid at all, by the name of the error. */
  function obstacle(person: Person, invoice: StoredInvoice, { messageId }: PayWish): string | undefined {
    if (messageId !== undefined && messages.find(person.telegramId, messageId)?.paid === true) return paidBefore;
    const tooPoor = invoice.currency === 'XTR' && people.chat(person.telegramId).stars < invoice.totalAmount;
    return tooPoor ? noStars : undefined;
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
      if (!invoice) return failed('INVOICE_INVALID');
      const before = obstacle(person, invoice, wish);
      if (before !== undefined) return failed(before);
      const refusal = await ask(person, invoice);
      if (refusal !== undefined) return failed(refusal);
      if (wish.outcome === 'failed' || takeFailure(settings)) return failed(bankRefused);
      // Another payment may have come first while the bot was asked.
      const since = obstacle(person, invoice, wish);
      if (since !== undefined) return failed(since);
      const copies = wish.lost ? 0 : wish.duplicate ? 2 : 1;
      const { chargeId } = charges.take({ person, invoice, first: true, copies });
      markPaid(person, wish.messageId);
      return { status: 'paid', chargeId };
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

function failed(error: string): PayResult {
  return { status: 'failed', error };
}

function takeFailure(settings: Settings): boolean {
  if (settings.failPayments <= 0) return false;
  settings.failPayments -= 1;
  return true;
}
