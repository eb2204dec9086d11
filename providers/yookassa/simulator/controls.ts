import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Settings } from './model.ts';
import { ApiError } from './model.ts';
import type { Payments } from './payments.ts';
import type { Refunds } from './refunds.ts';

const amount = z.union([
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/)
    .transform((value) => ({ value, currency: 'RUB' })),
  z.object({ value: z.string().regex(/^\d{1,12}(\.\d{1,2})?$/), currency: z.string().length(3) }),
]);

const payOptions = z
  .object({
    notify: z.boolean(),
    times: z.number().int().min(1).max(1_000),
    delayMs: z.number().int().min(0),
    /** What was really paid: `"400.00"`, or with a currency. */
    amount,
    shopId: z.string(),
    test: z.boolean(),
    force: z.boolean(),
  })
  .partial();

const cancelOptions = payOptions.extend({
  party: z.string().default('payment_network'),
  reason: z.string().default('general_decline'),
});

const settingsSchema = z
  .object({
    webhookUrl: z.url().nullable(),
    retryScale: z.number().min(0),
    feeBps: z.number().int().min(0).max(10_000),
    vatBps: z.number().int().min(0).max(10_000),
    confirmationTermMs: z.number().int().min(0),
    processingMs: z.number().int().min(0),
    requestsPerSecondMax: z.number().int().min(0),
    receiptRequired: z.boolean(),
    refundsPending: z.boolean(),
    recipientShopId: z.string(),
    testPayments: z.boolean(),
  })
  .partial();

interface ControlsDeps {
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly settings: Settings;
}

/** The payer's acts and the simulator's options, for tests and for people; this machine only. */
export function controlRoutes({ payments, refunds, settings }: ControlsDeps): Router {
  const router = new Router();
  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      ctx.throw(error.status, error.message);
    }
  });
  router.post('/payments/:id/succeed', async (ctx) => {
    const options = withoutUndefined(await readJson(ctx, payOptions));
    ctx.body = payments.pay(ctx.params['id'] ?? '', options) ?? ctx.throw(409, 'the payment is not pending');
  });
  router.post('/payments/:id/cancel', async (ctx) => {
    const { party, reason, ...rest } = await readJson(ctx, cancelOptions);
    const ended = payments.fail(ctx.params['id'] ?? '', { party, reason }, withoutUndefined(rest));
    ctx.body = ended ?? ctx.throw(409, 'the payment is final');
  });
  for (const [action, status] of [
    ['succeed', 'succeeded'],
    ['cancel', 'canceled'],
  ] as const) {
    router.post(`/refunds/:id/${action}`, (ctx) => {
      ctx.body = refunds.finish(ctx.params['id'] ?? '', status) ?? ctx.throw(409, 'the refund is final');
    });
  }
  router.get('/options', (ctx) => {
    ctx.body = settings;
  });
  router.post('/options', async (ctx) => {
    const { webhookUrl, ...given } = await readJson(ctx, settingsSchema);
    Object.assign(settings, withoutUndefined(given));
    if (webhookUrl !== undefined) settings.webhookUrl = webhookUrl ?? undefined;
    ctx.body = settings;
  });
  return router;
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
