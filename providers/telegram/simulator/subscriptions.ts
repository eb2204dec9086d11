import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Charges } from './charges.ts';
import type { Collections, StoredPayment } from './model.ts';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';

interface Deps {
  readonly collections: Collections;
  readonly people: People;
  readonly charges: Charges;
  readonly updates: Updates;
}

const actSchema = z.object({
  chargeId: z.string(),
  act: z.enum(['renew', 'cancel', 'resume', 'fail']),
});

/** What becomes of a paid subscription: its next month, or what the person or the balance does to it. */
export function subscriptionRoutes({ collections, people, charges, updates }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/subscription', async (ctx) => {
    const { chargeId, act } = await readJson(ctx, actSchema);
    const person = personOf(ctx, people);
    const payment = collections.payments.get(chargeId);
    const invoice = payment && collections.invoices.get(payment.invoiceId);
    if (!payment?.subscription || !invoice || payment.telegramId !== person.telegramId) {
      return ctx.throw(404, 'there is no such subscription');
    }
    if (act === 'renew') {
      // A month more is a charge of its own, and nobody asks the bot before.
      if (payment.subscription.canceled) return ctx.throw(409, 'the subscription is canceled');
      collections.payments.put(chargeId, withRenewed(payment));
      ctx.body = { chargeId: charges.take({ person, invoice, first: false, copies: 1 }).chargeId };
      return undefined;
    }
    const state = { cancel: 'canceled', resume: 'active', fail: 'failed' }[act];
    collections.payments.put(chargeId, withCanceled(payment, act !== 'resume'));
    const change = { user: people.asUser(person), invoice_payload: payment.payload, state };
    updates.add('subscription', change, `user:${person.telegramId}`);
    ctx.body = { state };
    return undefined;
  });
  return router;
}

/**
 * The job of a subscription's end: its next month is charged by itself, or it ends for want of Stars. A charge that was
 * renewed by hand, ended or given back renews no more.
 */
export function createRenewal({ collections, people, charges, updates }: Deps) {
  return ({ chargeId }: { chargeId: string }): void => {
    const payment = collections.payments.get(chargeId);
    const invoice = payment && collections.invoices.get(payment.invoiceId);
    const person = payment && people.find(payment.telegramId);
    if (!payment?.subscription || !invoice || !person || payment.refunded || payment.subscription.renewed) return;
    const isOfChain = (one: StoredPayment): boolean =>
      one.invoiceId === payment.invoiceId && one.telegramId === payment.telegramId;
    const chain = [...collections.payments.values()].filter(isOfChain);
    if (chain.some(({ subscription }) => subscription?.canceled)) return;
    if (people.chat(person.telegramId).stars < invoice.totalAmount) {
      collections.payments.put(chargeId, withCanceled(payment, true));
      const change = { user: people.asUser(person), invoice_payload: payment.payload, state: 'failed' };
      updates.add('subscription', change, `user:${person.telegramId}`);
      return;
    }
    collections.payments.put(chargeId, withRenewed(payment));
    charges.take({ person, invoice, first: false, copies: 1 });
  };
}

function withRenewed(payment: StoredPayment): StoredPayment {
  return payment.subscription ? { ...payment, subscription: { ...payment.subscription, renewed: true } } : payment;
}

function withCanceled(payment: StoredPayment, canceled: boolean): StoredPayment {
  return payment.subscription ? { ...payment, subscription: { ...payment.subscription, canceled } } : payment;
}
