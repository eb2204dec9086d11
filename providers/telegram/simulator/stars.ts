import { badRequest } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Collections, StarTransaction, StoredPayment } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';
import type { Store } from '../../simulator-store.ts';

interface StarsDeps {
  readonly store: Store;
  readonly collections: Collections;
  readonly people: People;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly nowMs: () => number;
}

const limitMax = 100;

/** The bot's Stars: refunds, the list of movements, the balance, subscriptions. */
export function starMethods(deps: StarsDeps): Methods {
  const { collections, people } = deps;
  return {
    refundStarPayment({ parameters }) {
      const payment = chargeFrom(deps, parameters);
      if (payment.refunded) throw badRequest('CHARGE_ALREADY_REFUNDED');
      refund(deps, payment);
      return true;
    },
    getStarTransactions({ parameters }) {
      const offset = Math.max(parameters.integer('offset') ?? 0, 0);
      const limit = parameters.integer('limit') ?? limitMax;
      if (limit < 1 || limit > limitMax) throw badRequest('LIMIT_INVALID');
      // Oldest first: the newest are found by paging.
      const rows = [...collections.starTransactions.values()].slice(offset, offset + limit);
      return { transactions: rows.map((row) => showTransaction(row, people)) };
    },
    getMyStarBalance: () => ({ amount: starBalance(collections) }),
    editUserStarSubscription({ parameters }) {
      const payment = chargeFrom(deps, parameters);
      if (!payment.subscription) throw badRequest('CHARGE_ID_INVALID');
      const subscription = { ...payment.subscription, canceled: parameters.boolean('is_canceled') };
      collections.payments.put(payment.chargeId, { ...payment, subscription });
      return true;
    },
  };
}

/** The Stars that the bot has. */
export function starBalance({ starTransactions }: Collections): number {
  let sum = 0;
  for (const { direction, amount } of starTransactions.values()) sum += direction === 'in' ? amount : -amount;
  return sum;
}

function chargeFrom({ collections, people }: StarsDeps, parameters: Parameters): StoredPayment {
  const person = people.find(parameters.integer('user_id') ?? 0);
  if (!person) throw badRequest('USER_ID_INVALID');
  const payment = collections.payments.get(parameters.text('telegram_payment_charge_id') ?? '');
  if (!payment || payment.currency !== 'XTR' || payment.telegramId !== person.telegramId) {
    throw badRequest('CHARGE_NOT_FOUND');
  }
  return payment;
}

/** Gives the Stars back and says so in the chat, all of it or nothing. */
function refund({ store, collections, people, messages, updates, nowMs }: StarsDeps, payment: StoredPayment): void {
  const person = people.find(payment.telegramId);
  if (!person) throw badRequest('USER_ID_INVALID');
  if (starBalance(collections) < payment.totalAmount) throw badRequest('BALANCE_TOO_LOW');
  store.atomically(() => {
    collections.payments.put(payment.chargeId, { ...payment, refunded: true });
    collections.starTransactions.put(`out:${payment.chargeId}`, {
      direction: 'out',
      chargeId: payment.chargeId,
      telegramId: payment.telegramId,
      amount: payment.totalAmount,
      payload: payment.payload,
      atMs: nowMs(),
    });
    const chat = people.chat(payment.telegramId);
    people.save({ ...chat, stars: chat.stars + payment.totalAmount });
    const refunded_payment = {
      currency: 'XTR',
      total_amount: payment.totalAmount,
      invoice_payload: payment.payload,
      telegram_payment_charge_id: payment.chargeId,
      provider_payment_charge_id: payment.providerChargeId,
    };
    const message = messages.receive(person, { refunded_payment });
    updates.add('message', message, `chat:${person.telegramId}`);
  });
}

/** A refund's row has the id of the payment that it gives back. */
function showTransaction(row: StarTransaction, people: People) {
  const person = people.find(row.telegramId);
  const partner = {
    type: 'user',
    transaction_type: row.gift ? 'gift_purchase' : 'invoice_payment',
    ...(person ? { user: people.asUser(person) } : {}),
    ...(row.gift ? { gift: row.gift } : { invoice_payload: row.payload }),
    ...(row.subscriptionSeconds === undefined ? {} : { subscription_period: row.subscriptionSeconds }),
  };
  return {
    id: row.chargeId,
    amount: row.amount,
    date: Math.floor(row.atMs / 1_000),
    ...(row.direction === 'in' ? { source: partner } : { receiver: partner }),
  };
}
