import { Router } from '@koa/router';
import type { Context } from 'koa';
import { followableUrl, securePage } from '../../payment-page.ts';
import type { Clock } from '../../simulator-jobs.ts';
import type { Collection } from '../../simulator-store.ts';
import { type Invoices, payPath } from './invoices.ts';
import type { StoredInvoice } from './model.ts';
import { type Act, acts, renderMissing, renderPage } from './page.ts';

interface PageDeps {
  readonly invoices: Invoices;
  readonly stored: Collection<StoredInvoice>;
  readonly clock: Clock;
}

/** The page that an invoice's `url` leads to, without a script. */
export function pageRoutes({ invoices, stored, clock }: PageDeps): Router {
  const router = new Router({ prefix: '/pay' });
  const asked = (ctx: Context) => stored.get(String((ctx['params'] as { uuid?: string }).uuid));

  router.get('/:uuid', (ctx) => {
    const nonce = securePage(ctx);
    const invoice = asked(ctx);
    ctx.type = 'html';
    if (!invoice) {
      ctx.status = 404;
      ctx.body = renderMissing(nonce);
      return;
    }
    const returnUrl = followableUrl(invoice.returnUrl);
    const leaving = ctx.query['done'] !== undefined;
    ctx.body = renderPage(invoice.object, { nonce, returnUrl, leaving, nowMs: clock.nowMs() });
  });
  const back = (ctx: Context, { object }: StoredInvoice, query = '') => {
    ctx.status = 303;
    ctx.redirect(payPath(object.uuid) + query);
  };
  router.post('/:uuid/coin', (ctx) => {
    const invoice = asked(ctx);
    if (!invoice) return ctx.throw(404);
    const { currency, network } = ctx.query;
    if (!invoice.object.is_final) invoices.choose(invoice, { currency: String(currency), network: String(network) });
    back(ctx, invoice);
  });
  for (const act of Object.keys(acts) as Act[]) {
    router.post(`/:uuid/${act}`, (ctx) => {
      const invoice = asked(ctx);
      if (!invoice) return ctx.throw(404);
      perform(invoices, invoice, act);
      back(ctx, invoice, '?done');
    });
  }
  return router;
}

/** A second tap finds the invoice over; its page tells how it ended. */
function perform(invoices: Invoices, { object }: StoredInvoice, act: Act): void {
  const { uuid, status } = object;
  if (act === 'release') invoices.release(uuid);
  else if (act === 'late') {
    if (status === 'cancel') invoices.pay(uuid);
  } else if (object.is_final) return;
  else if (act === 'expire') invoices.expire({ uuid });
  else if (act === 'little') invoices.pay(uuid, { percent: 50 });
  else if (act === 'much') invoices.pay(uuid, { percent: 150 });
  else invoices.pay(uuid, { isSuspect: act === 'suspect' });
}
