import { randomInt, randomUUID } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { amountOf, incomeOf, minorOf } from './amounts.ts';
import type { PaymentBody } from './bodies.ts';
import {
  type AmountObject,
  type Collections,
  type ConfirmationObject,
  type PaymentMethodObject,
  type PaymentObject,
  type Settings,
  type StoredPayment,
  invalidRequest,
  notFound,
} from './model.ts';
import type { Notifications, NotifyOptions } from './notifications.ts';

const holdTermMs = 7 * 24 * 60 * 60 * 1000;

export interface PayOptions extends NotifyOptions {
  readonly notify?: boolean;
  /** What was really paid; a shop must compare. */
  readonly amount?: AmountObject;
  readonly shopId?: string;
  readonly test?: boolean;
  /** Pays even what is canceled already: the contradiction that a shop must survive. */
  readonly force?: boolean;
}

export interface Payments {
  create(body: PaymentBody): PaymentObject;
  find(paymentId: string): StoredPayment;
  /** The payer pays: `succeeded`, or `waiting_for_capture` where capture is the shop's. Undefined: too late. */
  pay(paymentId: string, options?: PayOptions): PaymentObject | undefined;
  /** The payment ends without money. Undefined: no longer possible. */
  fail(paymentId: string, why: { party: string; reason: string }, options?: PayOptions): PaymentObject | undefined;
  capture(paymentId: string, amount: AmountObject | undefined): PaymentObject;
  cancel(paymentId: string): PaymentObject;
  /** The job that ends the payer's hour or a hold. */
  expire(data: { paymentId: string }): void;
  /** The object as the API shows it now. */
  present(stored: StoredPayment): PaymentObject;
}

interface PaymentsDeps {
  readonly parts: SimulatorParts;
  readonly collections: Collections;
  readonly settings: Settings;
  readonly notifications: Notifications;
}

/** The payments of the simulated shop and their status machine. */
export function createPayments({ parts, collections, settings, notifications }: PaymentsDeps): Payments {
  const { clock, jobs } = parts;
  const { payments } = collections;
  const now = () => new Date(clock.nowMs()).toISOString();

  function find(paymentId: string): StoredPayment {
    const stored = payments.get(paymentId);
    if (!stored) throw notFound('Payment not found or forbidden');
    return stored;
  }

  function expireAt(stored: StoredPayment, termMs: number): void {
    if (stored.expiryJobId !== undefined) jobs.cancel(stored.expiryJobId);
    const data = { paymentId: stored.object.id };
    stored.expiryJobId = jobs.schedule({ kind: 'expiry', data, dueAtMs: clock.nowMs() + termMs });
  }

  /** A payment's change and the telling of it are kept together: what was paid is also told after a kill. */
  function settle(stored: StoredPayment, options: PayOptions = {}): PaymentObject {
    return parts.store.atomically(() => settleNow(stored, options));
  }

  function settleNow(stored: StoredPayment, options: PayOptions): PaymentObject {
    const { object } = stored;
    if (stored.expiryJobId !== undefined && object.status !== 'waiting_for_capture') {
      jobs.cancel(stored.expiryJobId);
      delete stored.expiryJobId;
    }
    delete object.confirmation;
    payments.put(object.id, stored);
    if (options.notify ?? true) notifications.notify(`payment.${object.status}`, object, options);
    return object;
  }

  function captureNow(object: PaymentObject): void {
    object.status = 'succeeded';
    object.captured_at = now();
    object.income_amount = incomeOf(object.amount, settings);
    object.refundable = true;
    object.refunded_amount = amountOf(0n, object.amount.currency);
    delete object.expires_at;
  }

  function fail(stored: StoredPayment, why: { party: string; reason: string }, options?: PayOptions): PaymentObject {
    stored.object.status = 'canceled';
    stored.object.paid = false;
    stored.object.cancellation_details = why;
    delete stored.object.expires_at;
    return settle(stored, options);
  }

  return {
    find,
    create(body) {
      const object = newPayment(body, { createdAt: now(), settings });
      const returnUrl = body.confirmation?.return_url;
      const stored: StoredPayment = {
        object,
        capture: body.capture,
        ...(returnUrl === undefined ? {} : { returnUrl }),
      };
      expireAt(stored, settings.confirmationTermMs);
      payments.put(object.id, stored);
      return object;
    },
    pay(paymentId, options = {}) {
      const stored = find(paymentId);
      const { object } = stored;
      if (object.status !== 'pending' && !(options.force && object.status === 'canceled')) return undefined;
      if (options.amount) object.amount = options.amount;
      if (options.shopId !== undefined) object.recipient = { ...object.recipient, account_id: options.shopId };
      if (options.test !== undefined) object.test = options.test;
      delete object.cancellation_details;
      object.paid = true;
      object.payment_method = paidByCard(object.id);
      object.authorization_details = authorization();
      if (stored.capture) {
        captureNow(object);
      } else {
        object.status = 'waiting_for_capture';
        object.expires_at = new Date(clock.nowMs() + holdTermMs).toISOString();
        expireAt(stored, holdTermMs);
      }
      return settle(stored, options);
    },
    fail(paymentId, why, options = {}) {
      const stored = find(paymentId);
      const open = stored.object.status === 'pending' || stored.object.status === 'waiting_for_capture';
      return open || options.force ? fail(stored, why, options) : undefined;
    },
    capture(paymentId, amount) {
      const stored = find(paymentId);
      const { object } = stored;
      if (stored.capture) throw invalidRequest('You can not capture payment with autocapture');
      if (object.status !== 'waiting_for_capture') {
        throw invalidRequest('Payment can not be captured in current status.');
      }
      if (amount && amount.currency !== object.amount.currency)
        throw invalidRequest('Currencies do not match', 'amount');
      if (amount && minorOf(amount) > minorOf(object.amount))
        throw invalidRequest('Illegal amount for capture', 'amount');
      if (amount) object.amount = amount;
      captureNow(object);
      return settle(stored);
    },
    cancel(paymentId) {
      const stored = find(paymentId);
      if (stored.object.status === 'waiting_for_capture') {
        return fail(stored, { party: 'merchant', reason: 'canceled_by_merchant' });
      }
      if (stored.capture && stored.object.status === 'succeeded') {
        throw invalidRequest('You can not cancel payment with autocapture');
      }
      throw invalidRequest('Payment can not be canceled in current status');
    },
    expire({ paymentId }) {
      const stored = payments.get(paymentId);
      if (stored?.object.status === 'pending') {
        fail(stored, { party: 'yoo_money', reason: 'expired_on_confirmation' });
      } else if (stored?.object.status === 'waiting_for_capture') {
        fail(stored, { party: 'yoo_money', reason: 'expired_on_capture' });
      }
    },
    present: ({ object }) => present(object, parts.origin()),
  };
}

/** The page's address follows the simulator's origin, which may have moved since the payment was made. */
function present(object: PaymentObject, origin: string): PaymentObject {
  const { confirmation } = object;
  if (!confirmation || !('confirmation_url' in confirmation)) return object;
  return { ...object, confirmation: { ...confirmation, confirmation_url: origin + payPath(object.id) } };
}

/** The path of the payer's page; the real one ends in the same way. */
export function payPath(paymentId: string): string {
  return `/checkout/payments/v2/contract?orderId=${paymentId}`;
}

function newPayment(
  body: PaymentBody,
  { createdAt, settings }: { createdAt: string; settings: Settings },
): PaymentObject {
  return {
    id: randomUUID(),
    status: 'pending',
    amount: { value: amountOf(minorOf(body.amount), 'RUB').value, currency: body.amount.currency },
    ...(body.description === undefined ? {} : { description: body.description }),
    recipient: { account_id: settings.recipientShopId, gateway_id: '1000001' },
    created_at: createdAt,
    ...(body.confirmation ? { confirmation: newConfirmation(body.confirmation) } : {}),
    test: settings.testPayments,
    paid: false,
    refundable: false,
    metadata: body.metadata ?? {},
  };
}

function newConfirmation(asked: NonNullable<PaymentBody['confirmation']>): ConfirmationObject {
  const returns = asked.return_url === undefined ? {} : { return_url: asked.return_url };
  switch (asked.type) {
    case 'redirect':
      return { type: 'redirect', return_url: asked.return_url ?? '', confirmation_url: '' };
    case 'embedded':
      return { type: 'embedded', confirmation_token: `ct-${randomUUID()}` };
    case 'qr':
      return { type: 'qr', ...returns, confirmation_data: `https://qr.nspk.ru/${randomUUID()}` };
    default:
      return { type: asked.type, ...returns, confirmation_url: '' };
  }
}

function paidByCard(paymentId: string): PaymentMethodObject {
  return {
    type: 'bank_card',
    id: paymentId,
    saved: false,
    status: 'inactive',
    title: 'Bank card *4444',
    card: {
      first6: '555555',
      last4: '4444',
      expiry_year: '2030',
      expiry_month: '12',
      card_type: 'MasterCard',
      issuer_country: 'RU',
    },
  };
}

function authorization() {
  const digits = (count: number) => String(randomInt(10 ** count)).padStart(count, '0');
  return { rrn: digits(12), auth_code: digits(6), three_d_secure: { applied: true } };
}
