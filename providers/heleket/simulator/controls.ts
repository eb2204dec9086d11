import { Router } from '@koa/router';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Invoices } from './invoices.ts';
import { ApiError, type Settings } from './model.ts';

const told = z
  .object({
    notify: z.boolean(),
    times: z.number().int().min(1).max(1_000),
    delayMs: z.number().int().min(0),
    /** A status that the webhook says instead of the truth. */
    claims: z.string(),
    forgedWith: z.string(),
  })
  .partial();

const pay = told.extend({
  amount: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,8})?$/)
    .optional(),
  percent: z.number().int().min(1).max(10_000).optional(),
  coin: z.object({ currency: z.string(), network: z.string() }).optional(),
  isSuspect: z.boolean().optional(),
});

const settingsSchema = z
  .object({
    moderated: z.boolean(),
    feeBps: z.number().int().min(0).max(10_000),
    perPage: z.number().int().min(1).max(1_000),
    retryScale: z.number().min(0),
    requestsPerSecondMax: z.number().int().min(0),
    unavailable: z.array(z.string()),
    minAmount: z.string().regex(/^\d{1,12}(\.\d{1,8})?$/),
  })
  .partial();

/** Statuses that a merchant does not bring about: `POST /_sim/invoices/{uuid}/status`. */
const forced = told.extend({
  status: z.enum([
    'check',
    'process',
    'confirm_check',
    'fail',
    'system_fail',
    'cancel',
    'refund_process',
    'refund_paid',
    'refund_fail',
    'reborn',
  ]),
});

interface ControlsDeps {
  readonly invoices: Invoices;
  readonly settings: Settings;
}

/** The payer's acts and the simulator's options, for tests and for people; this machine only. */
export function controlRoutes({ invoices, settings }: ControlsDeps): Router {
  const router = new Router();
  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      ctx.throw(error.status, error.message);
    }
  });
  router.post('/invoices/:uuid/pay', async (ctx) => {
    const options = withoutUndefined(await readJson(ctx, pay));
    ctx.body = invoices.pay(ctx.params['uuid'] ?? '', options) ?? ctx.throw(409, 'the money has gone back');
  });
  router.post('/invoices/:uuid/release', async (ctx) => {
    const options = withoutUndefined(await readJson(ctx, told));
    ctx.body = invoices.release(ctx.params['uuid'] ?? '', options) ?? ctx.throw(409, 'the invoice is not locked');
  });
  router.post('/invoices/:uuid/expire', (ctx) => {
    const { uuid = '' } = ctx.params;
    invoices.expire({ uuid });
    ctx.body = invoices.find({ uuid }).object;
  });
  router.post('/invoices/:uuid/status', async (ctx) => {
    const { status, ...options } = await readJson(ctx, forced);
    ctx.body = invoices.move(invoices.find({ uuid: ctx.params['uuid'] ?? '' }), status, withoutUndefined(options));
  });
  router.get('/options', (ctx) => {
    ctx.body = settings;
  });
  router.post('/options', async (ctx) => {
    Object.assign(settings, withoutUndefined(await readJson(ctx, settingsSchema)));
    ctx.body = settings;
  });
  return router;
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
