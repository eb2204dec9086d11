import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Checkout } from './checkout.ts';
import { invoiceOfLink, shownInvoice } from './invoices.ts';
import type { Messages } from './messages.ts';
import type { Collections } from './model.ts';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';

const paySchema = z.object({
  messageId: z.int().positive().optional(),
  invoiceLink: z.string().optional(),
  outcome: z.enum(['paid', 'cancelled', 'failed']).default('paid'),
  duplicate: z.boolean().default(false),
  lost: z.boolean().default(false),
});

interface Deps {
  readonly collections: Collections;
  readonly people: People;
  readonly messages: Messages;
  readonly checkout: Checkout;
}

/** Paying, and looking at what is to be paid. */
export function paymentRoutes({ collections, people, messages, checkout }: Deps): Router {
  const router = new Router();
  router.post('/people/:id/pay', async (ctx) => {
    const { messageId, invoiceLink, ...wish } = await readJson(ctx, paySchema);
    const person = personOf(ctx, people);
    const shown = messageId === undefined ? undefined : messages.find(person.telegramId, messageId);
    const invoiceId = shown?.invoiceId ?? invoiceOfLink(invoiceLink ?? '');
    if (invoiceId === undefined) return ctx.throw(404, 'there is no such invoice');
    ctx.body = await checkout.pay(person, { ...wish, invoiceId, ...(shown ? { messageId: messageId ?? 0 } : {}) });
    return undefined;
  });
  router.get('/invoices/:slug', (ctx) => {
    const invoice = collections.invoices.get(ctx.params['slug'] ?? '');
    if (!invoice) return ctx.throw(404, 'there is no such invoice');
    ctx.body = { invoice: { ...shownInvoice(invoice), prices: invoice.prices } };
    return undefined;
  });
  return router;
}
