import { Router } from '@koa/router';
import type { Context } from 'koa';
import { followableUrl, securePage } from '../../payment-page.ts';
import type { Clock } from '../../simulator-jobs.ts';
import type { Collection } from '../../simulator-store.ts';
import type { PaymentObject, Settings, StoredPayment } from './model.ts';
import { type Ending, endings, renderMissing, renderPage } from './page.ts';
import { type Payments, payPath } from './payments.ts';

interface PageDeps {
  readonly payments: Payments;
  readonly stored: Collection<StoredPayment>;
  readonly settings: Settings;
  readonly clock: Clock;
}

/** The page that `confirmation_url` leads to, without a script. */
export function pageRoutes({ payments, stored, settings, clock }: PageDeps): Router {
  const router = new Router({ prefix: '/checkout/payments/v2/contract' });
  const asked = (ctx: Context) => stored.get(String(ctx.query['orderId'] ?? ''));

  router.get('/', (ctx) => {
    const nonce = securePage(ctx);
    const payment = asked(ctx);
    ctx.type = 'html';
    if (!payment) {
      ctx.status = 404;
      ctx.body = renderMissing(nonce);
      return;
    }
    ctx.body = renderPage(payment.object, followableUrl(payment.returnUrl), {
      nonce,
      leaving: ctx.query['done'] !== undefined,
      nowMs: clock.nowMs(),
      endsAtMs: Date.parse(payment.object.created_at) + settings.confirmationTermMs,
    });
  });
  for (const ending of Object.keys(endings) as Ending[]) {
    router.post(`/${ending}`, (ctx) => {
      securePage(ctx);
      const payment = asked(ctx);
      if (!payment) return ctx.throw(404);
      // A second tap finds the payment final; its page tells how it ended.
      if (payment.object.status === 'pending') act(payments, payment.object, ending);
      ctx.status = 303;
      ctx.redirect(`${payPath(payment.object.id)}&done`);
    });
  }
  return router;
}

function act(payments: Payments, { id }: PaymentObject, ending: Ending): void {
  if (ending === 'succeed') payments.pay(id);
  else payments.fail(id, { party: endings[ending].party, reason: endings[ending].reason });
}
