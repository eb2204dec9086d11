import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { type SimulatorParts, readBody } from '../../simulator-kit.ts';
import { readCaptureBody, readPaymentBody, readRefundBody } from './bodies.ts';
import { type Made, createIdempotence } from './idempotence.ts';
import { listPayments, listRefunds } from './lists.ts';
import { ApiError, type Collections, type Settings, notFound } from './model.ts';
import type { Payments } from './payments.ts';
import type { Refunds } from './refunds.ts';

interface ApiDeps {
  readonly parts: SimulatorParts;
  readonly collections: Collections;
  readonly settings: Settings;
  readonly credentials: { readonly shopId: string; readonly secretKey: string };
  readonly payments: Payments;
  readonly refunds: Refunds;
}

type Act = (body: string, id: string) => Made;

/** The API under `/v3`, with the status codes and error bodies of the documents. */
export function apiRoutes(deps: ApiDeps): Router {
  const { parts, collections, settings, credentials, payments, refunds } = deps;
  const router = new Router({ prefix: '/v3' });
  router.use(answerErrors, authenticate(credentials), limitRate(settings));
  const keyed = createKeyed(deps);

  router.post(
    '/payments',
    keyed((raw) => ({ kind: 'payment', id: payments.create(readPaymentBody(raw, settings.receiptRequired)).id })),
  );
  router.get('/payments', (ctx) => {
    answer(ctx, listPayments(collections.payments, ctx.query, payments.present));
  });
  router.get('/payments/:id', (ctx) => answer(ctx, payments.present(payments.find(ctx.params['id'] ?? ''))));
  router.post(
    '/payments/:id/capture',
    keyed((raw, id) => ({ kind: 'payment', id: payments.capture(id, readCaptureBody(raw).amount).id })),
  );
  router.post(
    '/payments/:id/cancel',
    keyed((_raw, id) => ({ kind: 'payment', id: payments.cancel(id).id })),
  );
  router.post(
    '/refunds',
    keyed((raw) => ({ kind: 'refund', id: refunds.create(readRefundBody(raw)).id })),
  );
  router.get('/refunds', (ctx) => answer(ctx, listRefunds(collections.refunds, ctx.query)));
  router.get('/refunds/:id', (ctx) => answer(ctx, refunds.find(ctx.params['id'] ?? '')));
  router.get('/me', (ctx) => {
    const fiscalization = { enabled: settings.receiptRequired };
    answer(ctx, {
      account_id: credentials.shopId,
      status: 'enabled',
      test: true,
      fiscalization,
      payment_methods: ['bank_card', 'yoo_money'],
      now: new Date(parts.clock.nowMs()).toISOString(),
    });
  });
  for (const path of ['/payments', '/payments/:id', '/payments/:id/capture', '/payments/:id/cancel']) {
    router.all(path, wrongMethod);
  }
  for (const path of ['/refunds', '/refunds/:id', '/me']) router.all(path, wrongMethod);
  router.all('/{*rest}', () => {
    throw notFound('Resource not found');
  });
  return router;
}

function createKeyed({ parts, collections, settings, payments, refunds }: ApiDeps) {
  const withKey = createIdempotence(parts, settings);
  return (act: Act): Middleware =>
    async (ctx) => {
      const body = (await readBody(ctx)).toString('utf8');
      if (body !== '' && !ctx.is('application/json')) {
        throw new ApiError(415, undefined, { description: 'Unsupported media type' });
      }
      const operation = `${ctx.method} ${ctx.path}`;
      const id = (ctx['params'] as { id?: string }).id ?? '';
      const made = await withKey({ key: ctx.get('idempotence-key'), operation, body }, () => act(body, id));
      if (made.kind === 'refund') return answer(ctx, refunds.find(made.id));
      const stored = collections.payments.get(made.id);
      if (stored) answer(ctx, payments.present(stored));
    };
}

/** Create calls answer 200 too, not 201. */
function answer(ctx: Context, body: unknown): void {
  ctx.status = 200;
  ctx.set('content-type', 'application/json;charset=UTF-8');
  ctx.body = JSON.stringify(body);
}

const answerErrors: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    answer(ctx, {
      type: 'error',
      id: randomUUID(),
      code: error.code,
      description: error.message,
      parameter: error.parameter,
      retry_after: error.retryAfterMs,
    });
    ctx.status = error.status;
  }
};

function wrongMethod(): never {
  throw new ApiError(405, undefined, { description: 'Method not allowed' });
}

function authenticate({ shopId, secretKey }: ApiDeps['credentials']): Middleware {
  return (ctx, next) => {
    const refuse = (description: string) => new ApiError(401, 'invalid_credentials', { description });
    const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(ctx.get('authorization'))?.[1];
    if (given === undefined) throw refuse('Authorization header not found');
    const [user = '', ...rest] = Buffer.from(given, 'base64').toString('utf8').split(':');
    const password = rest.join(':');
    if (password === '') throw refuse('Password is missing');
    if (!sameText(user, shopId) || !sameText(password, secretKey)) throw refuse('Basic authentication failed');
    return next();
  };
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function limitRate(settings: Settings): Middleware {
  let second = 0;
  let count = 0;
  return (_ctx, next) => {
    const current = Math.floor(Date.now() / 1_000);
    if (current !== second) [second, count] = [current, 0];
    count += 1;
    if (settings.requestsPerSecondMax > 0 && count > settings.requestsPerSecondMax) {
      throw new ApiError(429, 'too_many_requests', { description: 'Too many requests', retryAfterMs: 1_800 });
    }
    return next();
  };
}
