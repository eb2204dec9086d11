import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readBody, readJson } from '../../simulator-kit.ts';
import type { ApiDeps } from './api.ts';
import { type PaymentState } from './model.ts';
import { optionsSchema } from './options.ts';
import { type ExpiredThing, expiredThings } from './sessions.ts';

const payments = { deliver: 'delivered', refuse: 'refused', lose: 'lost' } as const satisfies Record<
  string,
  Exclude<PaymentState, 'waiting'>
>;
const paySchema = z.strictObject({
  amountNano: z
    .string()
    .regex(/^\d{1,30}$/)
    .optional(),
  source: z.string().nullable().default(null),
  times: z.int().min(1).max(10).default(1),
});

/**
 * `/_sim/orders/:id/deliver`, `/refuse` and `/lose` end what was paid; `/pay` plays a payment without a chain.
 * `/_sim/session/expire/…` ends a token, all sessions, the wallet's link or the log-in; `/_sim/session/login`
 * mends the last. A person's form goes back to the page.
 */
export function controlRoutes({ orders, sessions, settings, parts }: ApiDeps, state: () => unknown): Router {
  const router = new Router();
  const answer = async (ctx: Context) => {
    if (ctx.accepts('json', 'html') === 'html') return ctx.redirect('/');
    ctx.body = state();
  };
  const orderOf = (ctx: Context) => orders.find(String(ctx['params']['id'])) ?? ctx.throw(404, 'no such order');
  for (const [name, end] of Object.entries(payments)) {
    router.post(`/orders/:id/${name}`, async (ctx) => {
      if (!orders.end(orderOf(ctx), end)) return ctx.throw(409, 'no payment of this order waits');
      await answer(ctx);
    });
  }
  router.post('/orders/:id/pay', async (ctx) => {
    const order = orderOf(ctx);
    const { amountNano, source, times } = ctx.is('urlencoded') ? paySchema.parse({}) : await readJson(ctx, paySchema);
    if (order.ref === undefined) return ctx.throw(409, 'its payment was not asked for');
    for (let time = 0; time < times; time += 1) {
      const amount = BigInt(amountNano ?? order.amountNano);
      const atMs = parts.clock.nowMs();
      orders.pay({ ref: order.ref, amountNano: amount, source, txHash: `played-${randomUUID()}`, atMs });
    }
    await answer(ctx);
  });
  for (const thing of expiredThings) {
    router.post(`/session/expire/${thing satisfies ExpiredThing}`, async (ctx) => {
      sessions.expire(thing);
      await answer(ctx);
    });
  }
  router.post('/session/login', async (ctx) => {
    sessions.login();
    await answer(ctx);
  });
  router.get('/options', (ctx) => {
    ctx.body = settings.now();
  });
  router.post('/options', async (ctx) => {
    const changes = ctx.is('urlencoded') ? await formOptions(ctx) : await readJson(ctx, optionsSchema.partial());
    settings.change(Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)));
    if (ctx.is('urlencoded')) return answer(ctx);
    ctx.body = settings.now();
  });
  return router;
}

const formSchema = z
  .object({ delivery: optionsSchema.shape.delivery, kycRequired: z.stringbool(), guarded: z.stringbool() })
  .partial();

/** The options that the page has buttons for. */
async function formOptions(ctx: Context): Promise<z.output<typeof formSchema>> {
  const fields = Object.fromEntries(new URLSearchParams((await readBody(ctx)).toString('utf8')));
  const parsed = formSchema.safeParse(fields);
  return parsed.success ? parsed.data : ctx.throw(400, z.prettifyError(parsed.error));
}
