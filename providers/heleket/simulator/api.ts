import { timingSafeEqual } from 'node:crypto';
import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import { parseJson } from '../../../core/json.ts';
import { readBody } from '../../simulator-kit.ts';
import { sign } from '../signature.ts';
import { type Coin, coins, isKnownCurrency, rateOf } from './coins.ts';
import { showUnits } from './decimals.ts';
import type { Invoices } from './invoices.ts';
import { listInvoices } from './list.ts';
import { ApiError, type Collections, type Settings, type Traffic } from './model.ts';
import type { Notifications } from './notifications.ts';

export interface Credentials {
  readonly merchantId: string;
  readonly paymentKey: string;
  readonly payoutKey: string;
}

interface ApiDeps {
  readonly collections: Collections;
  readonly settings: Settings;
  readonly credentials: Credentials;
  readonly invoices: Invoices;
  readonly notifications: Notifications;
  readonly traffic: Traffic;
}

const url = z.string().min(6).max(255).nullish();
const createSchema = z.object({
  amount: z.string().regex(/^\d{1,12}(\.\d{1,8})?$/),
  currency: z.string().refine(isKnownCurrency),
  order_id: z.string().regex(/^[\w-]{1,128}$/),
  url_return: url,
  url_success: url,
  url_callback: url,
  is_payment_multiple: z.boolean().default(true),
  lifetime: z.number().int().min(300).max(43_200).default(3_600),
  additional_data: z.string().max(255).nullish(),
  is_refresh: z.boolean().default(false),
});
const which = z
  .object({ uuid: z.string().optional(), order_id: z.string().optional() })
  .refine(({ uuid, order_id }) => (uuid ?? order_id) !== undefined, { path: ['uuid'] });
const refundSchema = which.and(z.object({ address: z.string().min(1), is_subtract: z.boolean() }));
const listSchema = z.object({ date_from: z.string().optional(), date_to: z.string().optional() });

/** The API: everything is POST and JSON, signed over the bytes that came. */
export function apiRoutes(deps: ApiDeps): Router {
  const { collections, settings, credentials, invoices, notifications, traffic } = deps;
  const router = new Router({ prefix: '/v1' });
  router.use(answerErrors, limitRate(settings, traffic));
  const post = <S extends z.ZodType>(path: string, schema: S, act: (body: z.infer<S>, ctx: Context) => unknown) =>
    router.post(path, async (ctx) => {
      const text = (await readBody(ctx)).toString('utf8');
      const key = path === '/payment/refund' ? credentials.payoutKey : credentials.paymentKey;
      authenticate(ctx, { text, key, merchantId: credentials.merchantId });
      if (!settings.moderated) throw new ApiError(422, 'You are forbidden');
      ctx.body = { state: 0, result: act(check(schema, text), ctx) };
    });

  post('/payment', createSchema, (body) => invoices.present(invoices.find({ uuid: invoices.create(body).uuid })));
  post('/payment/info', which, (by) => invoices.present(invoices.find(by)));
  post('/payment/list', listSchema, (bounds, ctx) =>
    listInvoices(
      collections.invoices,
      { bounds, cursor: ctx.query['cursor'], perPage: settings.perPage },
      invoices.present,
    ),
  );
  post('/payment/services', z.unknown(), () => coins.map((coin) => serviceOf(coin, settings)));
  post('/payment/refund', refundSchema, (by) => {
    const stored = invoices.find(by);
    if (!['paid', 'paid_over', 'wrong_amount', 'refund_fail'].includes(stored.object.status)) {
      throw new ApiError(422, 'Payment not found');
    }
    invoices.move(stored, 'refund_process');
    return [];
  });
  post('/payment/aml-links', which, (by) => {
    const { object } = invoices.find(by);
    if (object.status !== 'locked') throw new ApiError(422, 'Payment not found');
    return [{ link: invoices.present(invoices.find(by)).url, expired_at: object.expired_at, status: 'init' }];
  });
  post('/payment/resend', which, (by) => {
    const stored = invoices.find(by);
    const { object, callbackUrl } = stored;
    if (callbackUrl === null || !['wrong_amount', 'paid', 'paid_over'].includes(object.status)) {
      throw new ApiError(422, 'Notification not found');
    }
    stored.resends += 1;
    collections.invoices.put(object.uuid, stored);
    if (stored.resends > 10) throw new ApiError(422, 'Too much resend');
    notifications.notify(callbackUrl, object);
    return [];
  });
  post('/balance', z.unknown(), () => [{ balance: { merchant: balances(collections), user: [] } }]);
  router.get('/exchange-rate/:currency/list', (ctx) => {
    const from = ctx.params['currency'] ?? '';
    if (!isKnownCurrency(from)) throw new ApiError(422, 'The currency was not found');
    const rates = coins.map(({ currency }) => ({ from, to: currency, course: showUnits(rateOf(from, currency)) }));
    ctx.body = { state: 0, result: rates };
  });
  return router;
}

const answerErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    ctx.status = error.status;
    const { errors, message, status } = error;
    if (status >= 500) ctx.body = { message, code: status, error: null };
    else ctx.body = { state: 1, ...(errors === undefined ? { message } : { errors }) };
  }
};

function authenticate(ctx: Context, given: { text: string; key: string; merchantId: string }): void {
  const [made, sent] = [Buffer.from(sign(given.text, given.key)), Buffer.from(ctx.get('sign'))];
  const isOurs = ctx.get('merchant') === given.merchantId;
  if (!isOurs || made.length !== sent.length || !timingSafeEqual(made, sent)) throw new ApiError(401, 'Wrong key');
}

function check<S extends z.ZodType>(schema: S, text: string): z.infer<S> {
  const parsed = schema.safeParse(text === '' ? {} : parseJson(text));
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? 'body');
  const problem = field === 'uuid' ? 'validation.required_without' : 'validation.required';
  throw new ApiError(422, 'validation', { [field]: [problem] });
}

/** Counts what comes, and refuses what is beyond the rate of a second. */
function limitRate(settings: Settings, traffic: Traffic): Middleware {
  let latest: number[] = [];
  return (_ctx, next) => {
    const now = performance.now();
    latest = [...latest.filter((at) => now - at < 1_000), now];
    traffic.calls += 1;
    traffic.callsInSecondMax = Math.max(traffic.callsInSecondMax, latest.length);
    if (settings.requestsPerSecondMax > 0 && latest.length > settings.requestsPerSecondMax) {
      throw new ApiError(429, 'Too many requests');
    }
    return next();
  };
}

function serviceOf({ currency, network }: Coin, { unavailable, minAmount }: Settings) {
  return {
    network,
    currency,
    is_available: !unavailable.includes(currency),
    limit: { min_amount: minAmount, max_amount: '10000000.00000000' },
    commission: { fee_amount: '0', percent: '2' },
  };
}

function balances({ invoices }: Collections) {
  const sums = new Map<string, number>();
  for (const { object } of invoices.values()) {
    if (object.payer_currency === null || object.merchant_amount === null) continue;
    sums.set(object.payer_currency, (sums.get(object.payer_currency) ?? 0) + Number(object.merchant_amount));
  }
  return [...sums].map(([currency_code, sum]) => ({ balance: sum.toFixed(8), currency_code }));
}
