import type { Logger } from 'pino';
import type { z } from 'zod';
import { parseJson } from '../../core/json.ts';
import { type Outcome, done, refused, unknown } from '../../core/result.ts';
import type { Secret } from '../../platform/secret.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { ListRange, Payment, PaymentPage, PaymentProvider, Refund } from '../ports.ts';
import { classify } from './codes.ts';
import { createBody, receiptSchema, toAmount } from './order.ts';
import {
  type Misfit,
  paymentListSchema,
  paymentSchema,
  refundSchema,
  shopSchema,
  toPayment,
  toRefund,
} from './schema.ts';

export interface YookassaOptions {
  /** Origin and version, without a slash at the end: `https://api.yookassa.ru/v3`. */
  readonly apiUrl: string;
  readonly shopId: string;
  readonly secretKey: Secret;
  readonly http: Http;
  readonly logger: Logger;
  /** Fiscal data by `receiptSchema`, of a shop that has receipts on; wrong data throws at once. */
  readonly receipt?: Readonly<Record<string, unknown>> | undefined;
}

export interface YookassaClient extends PaymentProvider {
  /** Gives back a payment that waits for capture. YooKassa cannot cancel a pending one: that is `refused`. */
  cancel(key: string, paymentId: string): Promise<Outcome<Payment>>;
  readRefund(refundId: string): Promise<Outcome<Refund>>;
  /** The shop that our credentials open, for a health check. */
  shop(): Promise<Outcome<{ shopId: string }>>;
}

/** YooKassa answers within 30 s or says 500, so that less patience than this would only make unknown outcomes. */
const writeDeadlineMs = 35_000;
const readDeadlineMs = 20_000;
const pageMax = 100;

/**
 * The client of YooKassa's API v3. Nothing here throws for what the provider answers; a 200 that cannot be read is
 * `unknown`.
 */
export function createYookassa(options: YookassaOptions): YookassaClient {
  const { shopId, secretKey } = options;
  const receipt = options.receipt && receiptSchema.parse(options.receipt);
  const call = createCall(options);
  const payment = (answer: Promise<Outcome<HttpAnswer>>) => read(answer, paymentSchema, toPayment);
  const refund = (answer: Promise<Outcome<HttpAnswer>>) => read(answer, refundSchema, toRefund);

  return {
    name: 'yookassa',
    shopId,
    live: !secretKey.reveal().startsWith('test_'),
    idempotencyKeyLifetimeMs: 24 * 60 * 60 * 1000,
    createBody: (order) => createBody(order, receipt),
    create: (key, body) => payment(call({ method: 'POST', path: '/payments', key, body })),
    read: (paymentId) =>
      payment(call({ method: 'GET', path: `/payments/${segment(paymentId)}`, route: '/payments/:id' })),
    cancel: (key, paymentId) =>
      payment(
        call({
          method: 'POST',
          path: `/payments/${segment(paymentId)}/cancel`,
          route: '/payments/:id/cancel',
          key,
          body: '{}',
        }),
      ),
    refund: (key, { paymentId, amount, description }) => {
      const body = JSON.stringify({ payment_id: paymentId, amount: toAmount(amount), description });
      return refund(call({ method: 'POST', path: '/refunds', key, body }));
    },
    readRefund: (refundId) =>
      refund(call({ method: 'GET', path: `/refunds/${segment(refundId)}`, route: '/refunds/:id' })),
    list: async (range) => {
      const answer = await read(call({ method: 'GET', path: `/payments?${listQuery(range)}` }), paymentListSchema);
      return answer.outcome === 'done' ? done(toPage(answer.value, options.logger)) : answer;
    },
    shop: () => read(call({ method: 'GET', path: '/me' }), shopSchema, ({ account_id }) => ({ shopId: account_id })),
  };
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly route?: string;
  readonly key?: string;
  readonly body?: string;
}

function createCall({ apiUrl, shopId, secretKey, http }: YookassaOptions) {
  const authorization = basicAuthorization(shopId, secretKey.reveal());
  return ({ method, path, route, key, body }: Call): Promise<Outcome<HttpAnswer>> =>
    http.send({
      method,
      url: apiUrl + path,
      headers: {
        authorization,
        ...(key === undefined ? {} : { 'idempotence-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      ...(route === undefined ? {} : { route }),
      deadlineMs: method === 'GET' ? readDeadlineMs : writeDeadlineMs,
    });
}

/** The value of the Authorization header. */
export function basicAuthorization(shopId: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`;
}

/** The provider's error table, applied to whatever is not a 200. */
async function settle(sent: Promise<Outcome<HttpAnswer>>): Promise<Outcome<HttpAnswer>> {
  const answer = await sent;
  return answer.outcome === 'done' && answer.value.status !== 200 ? classify(answer.value) : answer;
}

async function read<S extends z.ZodType, T = z.infer<S>>(
  sent: Promise<Outcome<HttpAnswer>>,
  schema: S,
  translate: (raw: z.infer<S>) => T | Misfit = (raw) => raw as T,
): Promise<Outcome<T>> {
  const answer = await settle(sent);
  if (answer.outcome !== 'done') return answer;
  const parsed = schema.safeParse(parseJson(answer.value.text()));
  if (!parsed.success) return unknown('answer_not_understood');
  const value = translate(parsed.data);
  // A currency that we never ask for will not turn into ours by asking again; a new status may need our next version.
  if (value === 'unknown_currency') return refused('unknown_currency', 'the amount is in no currency of ours');
  if (value === 'unknown_status') return unknown('unknown_status');
  return done(value);
}

function listQuery({ createdFrom, createdTo, status, cursor }: ListRange): string {
  return new URLSearchParams({
    limit: String(pageMax),
    'created_at.gte': createdFrom,
    ...(createdTo === undefined ? {} : { 'created_at.lt': createdTo }),
    ...(status === undefined ? {} : { status }),
    ...(cursor === undefined ? {} : { cursor }),
  }).toString();
}

/** One odd payment (another currency of the same shop, a new status) must not hide the others of its page. */
function toPage(raw: z.infer<typeof paymentListSchema>, logger: Logger): PaymentPage {
  const payments: Payment[] = [];
  for (const item of raw.items) {
    const parsed = paymentSchema.safeParse(item);
    const payment = parsed.success ? toPayment(parsed.data) : 'unreadable';
    if (typeof payment === 'string')
      logger.warn({ provider: 'yookassa', reason: payment }, 'payment left out of a list');
    else payments.push(payment);
  }
  return { payments, ...(raw.next_cursor === undefined ? {} : { nextCursor: raw.next_cursor }) };
}

/** An id as one path segment; ids reach us through webhooks too, so they are never trusted to be one. */
function segment(id: string): string {
  return /^\.*$/.test(id) ? '-' : encodeURIComponent(id);
}
