import { randomBytes } from 'node:crypto';
import type { Jobs } from '../../simulator-jobs.ts';
import type { Store } from '../../simulator-store.ts';
import type { Messages } from './messages.ts';
import type { Collections, Person, StoredInvoice, StoredPayment } from './model.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';

interface ChargesDeps {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly collections: Collections;
  readonly people: People;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly nowMs: () => number;
}

interface Charge {
  readonly person: Person;
  readonly invoice: StoredInvoice;
  /** Of a subscription: whether it is the payment that begins it. */
  readonly first: boolean;
  /** How often the bot is told. */
  readonly copies: number;
}

export interface Charges {
  /** Takes the money and tells it, all of it or nothing. */
  take(charge: Charge): StoredPayment;
}

/** The money that people pay. */
export function createCharges(deps: ChargesDeps): Charges {
  const { store, jobs, collections, people, messages, updates, nowMs } = deps;
  return {
    take: (charge) =>
      store.atomically(() => {
        const { person, invoice, copies } = charge;
        const isStars = invoice.currency === 'XTR';
        const chat = people.chat(person.telegramId);
        people.save({ ...chat, started: true, seen: true, stars: chat.stars - (isStars ? invoice.totalAmount : 0) });
        const payment = paymentOf(charge, nowMs());
        collections.payments.put(payment.chargeId, payment);
        if (payment.subscription) {
          const data = { chargeId: payment.chargeId };
          jobs.schedule({ kind: 'subscription-renewal', data, dueAtMs: payment.subscription.expiresAtMs });
        }
        if (isStars) {
          collections.starTransactions.put(`in:${payment.chargeId}`, {
            direction: 'in',
            chargeId: payment.chargeId,
            telegramId: person.telegramId,
            amount: invoice.totalAmount,
            payload: invoice.payload,
            atMs: nowMs(),
            ...(invoice.subscriptionSeconds === undefined ? {} : { subscriptionSeconds: invoice.subscriptionSeconds }),
          });
        }
        const message = messages.receive(person, { successful_payment: successFields(payment) });
        for (let copy = 0; copy < copies; copy += 1) updates.add('message', message, `chat:${person.telegramId}`);
        return payment;
      }),
  };
}

function paymentOf({ person, invoice, first }: Charge, nowMs: number): StoredPayment {
  const isStars = invoice.currency === 'XTR';
  // Real ones for Stars exceed 128 characters.
  const chargeId = isStars
    ? `stx${randomBytes(102).toString('base64url')}`
    : `${person.telegramId}_${randomBytes(12).toString('hex')}`;
  return {
    chargeId,
    providerChargeId: isStars ? `${person.telegramId}_0` : randomBytes(18).toString('hex'),
    telegramId: person.telegramId,
    currency: invoice.currency,
    totalAmount: invoice.totalAmount,
    payload: invoice.payload,
    invoiceId: invoice.id,
    paidAtMs: nowMs,
    refunded: false,
    ...(invoice.subscriptionSeconds === undefined
      ? {}
      : { subscription: { expiresAtMs: nowMs + invoice.subscriptionSeconds * 1_000, canceled: false, first } }),
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
