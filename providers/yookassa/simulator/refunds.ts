import { randomUUID } from 'node:crypto';
import type { Clock } from '../../simulator-jobs.ts';
import { amountOf, minorOf } from './amounts.ts';
import type { RefundBody } from './bodies.ts';
import { type Collections, type RefundObject, type Settings, invalidRequest, notFound } from './model.ts';
import type { Notifications } from './notifications.ts';

export interface Refunds {
  create(body: RefundBody): RefundObject;
  find(refundId: string): RefundObject;
  /** Ends a pending refund. Undefined: it is final already. */
  finish(refundId: string, status: 'succeeded' | 'canceled'): RefundObject | undefined;
}

interface RefundsDeps {
  readonly clock: Clock;
  readonly collections: Collections;
  readonly settings: Settings;
  readonly notifications: Notifications;
}

/** Refunds: together never more than what was captured (W15). Pending ones count, so two at once cannot both fit. */
export function createRefunds({ clock, collections, settings, notifications }: RefundsDeps): Refunds {
  const { payments, refunds } = collections;

  function givenBackMinor(paymentId: string, statuses: readonly RefundObject['status'][]): bigint {
    let sum = 0n;
    for (const refund of refunds.values()) {
      if (refund.payment_id === paymentId && statuses.includes(refund.status)) sum += minorOf(refund.amount);
    }
    return sum;
  }

  function find(refundId: string): RefundObject {
    const refund = refunds.get(refundId);
    if (!refund) throw notFound('Refund not found or forbidden');
    return refund;
  }

  function finish(refund: RefundObject, status: 'succeeded' | 'canceled'): RefundObject {
    refund.status = status;
    if (status === 'canceled') refund.cancellation_details = { party: 'yoo_money', reason: 'insufficient_funds' };
    refunds.put(refund.id, refund);
    if (status === 'canceled') return refund;
    const stored = payments.get(refund.payment_id);
    if (stored) {
      const minor = givenBackMinor(refund.payment_id, ['succeeded']);
      stored.object.refunded_amount = amountOf(minor, stored.object.amount.currency);
      stored.object.refundable = minor < minorOf(stored.object.amount);
      payments.put(refund.payment_id, stored);
    }
    // There is no event for a canceled refund; it can only be read.
    notifications.notify('refund.succeeded', refund);
    return refund;
  }

  return {
    find,
    create(body) {
      const payment = payments.get(body.payment_id)?.object;
      if (!payment) throw notFound('Payment not found or forbidden');
      checkRefund(body, payment, givenBackMinor(payment.id, ['pending', 'succeeded']));
      const refund: RefundObject = {
        id: randomUUID(),
        payment_id: payment.id,
        status: 'pending',
        amount: amountOf(minorOf(body.amount), body.amount.currency),
        created_at: new Date(clock.nowMs()).toISOString(),
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      };
      refunds.put(refund.id, refund);
      return settings.refundsPending ? refund : finish(refund, 'succeeded');
    },
    finish(refundId, status) {
      const refund = find(refundId);
      return refund.status === 'pending' ? finish(refund, status) : undefined;
    },
  };
}

function checkRefund(
  body: RefundBody,
  payment: { status: string; amount: { value: string; currency: string } },
  givenBack: bigint,
): void {
  if (payment.status !== 'succeeded') throw invalidRequest('Payment can not be refunded in current status.');
  if (body.amount.currency !== payment.amount.currency) throw invalidRequest('Currencies do not match', 'amount');
  const left = minorOf(payment.amount) - givenBack;
  if (left === 0n) throw invalidRequest('Payment is already completely refunded');
  if (minorOf(body.amount) > left) throw invalidRequest('Refund sum exceeded', 'amount');
}
