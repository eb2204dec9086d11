import type { Logger } from 'pino';
import { z } from 'zod';
import type { PayerCoin } from '../../core/flows/guide.ts';
import { parseJson } from '../../core/json.ts';
import { toDecimal } from '../../core/money.ts';
import { type Outcome, done, refused, unknown } from '../../core/result.ts';
import type { Secret } from '../../platform/secret.ts';
import type { Http } from '../http.ts';
import type { ListRange, Payment, PaymentOrder, PaymentPage, PaymentProvider, RefundRequest } from '../ports.ts';
import { resultOf } from './codes.ts';
import { balanceSchema, invoiceListSchema, invoiceSchema, serviceSchema, toPayment } from './schema.ts';
import { sign } from './signature.ts';

export interface HeleketOptions {
  /** Origin, without a slash at the end: `https://api.heleket.com`. */
  readonly apiUrl: string;
  readonly merchantId: string;
  /** Signs invoices and their webhooks. */
  readonly paymentKey: Secret;
  /** Signs refunds; without it they are refused. */
  readonly payoutKey?: Secret | undefined;
  /** Where Heleket tells us what became of an invoice. */
  readonly callbackUrl: string;
  readonly http: Http;
  readonly logger: Logger;
}

export interface HeleketClient extends PaymentProvider {
  coins(): Promise<Outcome<readonly PayerCoin[]>>;
  /** What stands on the merchant's account, decimal texts by coin. */
  balance(): Promise<Outcome<Readonly<Record<string, string>>>>;
  /** Has the last webhook of a paid invoice sent again. */
  resend(paymentId: string): Promise<Outcome<undefined>>;
}

/** Heleket needs 5 to 10 s at times; its own clients wait 30 s. */
const deadlineMs = 35_000;
/** The payer's time, and that of the quoted rate; the default of the API, said all the same. */
const lifetimeSeconds = 3_600;
const textMax = 255;

type Call = <S extends z.ZodType>(path: string, body: string, options: CallOptions<S>) => Promise<Outcome<z.infer<S>>>;

interface CallOptions<S> {
  readonly schema: S;
  readonly key?: Secret;
}

/**
 * The client of Heleket. A request is signed over the very bytes that are sent. Its `order_id` is the key of the
 * attempt, under which Heleket answers one and the same invoice for ever, so that a repeat is safe; what is answered is
 * compared with what was asked.
 */
export function createHeleket(options: HeleketOptions): HeleketClient {
  const call = createCall(options);
  const info = (by: { uuid: string } | { order_id: string }) =>
    invoiceOf(call('/v1/payment/info', JSON.stringify(by), { schema: invoiceSchema }));

  return {
    name: 'heleket',
    // There are no test invoices, and an answer names no merchant: the signature says whose it is.
    live: true,
    shopId: options.merchantId,
    idempotencyKeyLifetimeMs: Number.MAX_SAFE_INTEGER,
    listsUnfiltered: true,
    createBody: (order) => createBody(order, options.callbackUrl),
    create: async (key, body) => {
      const created = await invoiceOf(call('/v1/payment', body, { schema: invoiceSchema }));
      const isTaken = created.outcome === 'refused' && created.code === 'order_id_taken';
      return compare(isTaken ? await info({ order_id: key }) : created, { key, body });
    },
    read: (paymentId) => info({ uuid: paymentId }),
    list: (range) => list(call, range, options.logger),
    refund: (_key, request) => refund({ call, info, payoutKey: options.payoutKey }, request),
    coins: async () => {
      const answer = await call('/v1/payment/services', '{}', { schema: z.array(serviceSchema) });
      return answer.outcome === 'done' ? done(answer.value.map(toCoin)) : answer;
    },
    balance: async () => {
      const answer = await call('/v1/balance', '{}', { schema: balanceSchema });
      if (answer.outcome !== 'done') return answer;
      const accounts = answer.value.flatMap(({ balance }) => balance.merchant);
      return done(Object.fromEntries(accounts.map(({ currency_code, balance }) => [currency_code, balance])));
    },
    resend: async (paymentId) => {
      const answer = await call('/v1/payment/resend', JSON.stringify({ uuid: paymentId }), { schema: z.unknown() });
      return answer.outcome === 'done' ? done(undefined) : answer;
    },
  };
}

function createCall({ apiUrl, merchantId, paymentKey, http }: HeleketOptions): Call {
  return async (path, body, { schema, key = paymentKey }) => {
    const answer = await http.send({
      method: 'POST',
      url: apiUrl + path,
      route: path.split('?')[0] ?? path,
      headers: { merchant: merchantId, sign: sign(body, key.reveal()), 'content-type': 'application/json' },
      body,
      deadlineMs,
    });
    const result = answer.outcome === 'done' ? resultOf(answer.value) : answer;
    if (result.outcome !== 'done') return result;
    const parsed = schema.safeParse(result.value);
    return parsed.success ? done(parsed.data) : unknown('answer_not_understood');
  };
}

function createBody({ key, price, description, returnUrl }: PaymentOrder, callbackUrl: string): string {
  return JSON.stringify({
    amount: toDecimal(price),
    currency: price.asset,
    order_id: key,
    url_return: returnUrl,
    url_success: returnUrl,
    url_callback: callbackUrl,
    // A payer who sent too little may send the rest.
    is_payment_multiple: true,
    lifetime: lifetimeSeconds,
    additional_data: description.slice(0, textMax).replace(/[\uD800-\uDBFF]$/, ''),
  });
}

async function invoiceOf(answer: Promise<Outcome<z.infer<typeof invoiceSchema>>>): Promise<Outcome<Payment>> {
  const raw = await answer;
  if (raw.outcome !== 'done') return raw;
  const payment = toPayment(raw.value);
  if (payment === 'unknown_currency') return refused(payment, 'the amount is in no currency of ours');
  if (payment === 'unknown_status') return unknown(payment);
  return done(payment);
}

/**
 * A repeated `order_id` is answered with the invoice that stands under it, whatever it asks for and however dead it is:
 * nobody may be sent to pay one that is not what we wanted.
 */
function compare(answer: Outcome<Payment>, { key, body }: { key: string; body: string }): Outcome<Payment> {
  if (answer.outcome !== 'done') return answer;
  const sent = parseJson(body) as { amount: string; currency: string };
  const { asked, status, topupId } = answer.value;
  const isOurs = asked !== undefined && asked.asset === sent.currency && toDecimal(asked) === sent.amount;
  if (!isOurs || topupId === undefined || !key.startsWith(topupId)) {
    return refused('another_invoice', 'an invoice of another amount stands under this order id');
  }
  return status === 'canceled' ? refused('invoice_is_over', 'the invoice under this order id is over') : answer;
}

/**
 * The documents do not name the time zone of the bounds (answers are in UTC+3), so that we ask for what lies within by
 * either reading, and keep what lies within by the invoices' own times.
 */
async function list(call: Call, range: ListRange, logger: Logger): Promise<Outcome<PaymentPage>> {
  const { createdFrom, createdTo, status, cursor } = range;
  const bounds = {
    date_from: wallTime(Date.parse(createdFrom)),
    ...(createdTo === undefined ? {} : { date_to: wallTime(Date.parse(createdTo) + 3 * 60 * 60 * 1_000) }),
  };
  const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
  const answer = await call(`/v1/payment/list${query}`, JSON.stringify(bounds), { schema: invoiceListSchema });
  if (answer.outcome !== 'done') return answer;
  const payments = answer.value.items
    .flatMap((item) => readItem(item, logger))
    .filter((payment) => payment.createdAt >= new Date(createdFrom).toISOString())
    .filter((payment) => createdTo === undefined || payment.createdAt < new Date(createdTo).toISOString())
    .filter((payment) => status === undefined || payment.status === status);
  const { nextCursor } = answer.value.paginate;
  return done({ payments, ...(nextCursor ? { nextCursor } : {}) });
}

/** One odd invoice must not hide the others of its page. */
function readItem(item: unknown, logger: Logger): Payment[] {
  const parsed = invoiceSchema.safeParse(item);
  const payment = parsed.success ? toPayment(parsed.data) : 'unreadable';
  if (typeof payment !== 'string') return [payment];
  logger.warn({ provider: 'heleket', reason: payment }, 'invoice left out of a list');
  return [];
}

function wallTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

interface RefundDeps {
  readonly call: Call;
  readonly info: (by: { uuid: string }) => Promise<Outcome<Payment>>;
  readonly payoutKey: Secret | undefined;
}

/**
 * Returns the whole of an invoice to an address. Heleket has no key for a refund, so that the invoice is read first:
 * one whose money is going back already is not asked for a second time.
 */
async function refund({ call, info, payoutKey }: RefundDeps, { paymentId, amount, address }: RefundRequest) {
  if (payoutKey === undefined) return refused('payout_key_required', 'refunds are signed with the payout key');
  if (address === undefined) return refused('address_required', 'crypto goes back to an address of the payer');
  const known = await info({ uuid: paymentId });
  if (known.outcome !== 'done') return known;
  const { status, cancelReason } = known.value;
  const state = cancelReason === 'refund_paid' ? ('succeeded' as const) : ('pending' as const);
  const answered = { refundId: paymentId, paymentId, amount };
  if (status === 'returned') return done({ ...answered, status: state });
  if (status !== 'succeeded') return refused('not_paid', 'there is no payment to return');
  if (known.value.amount.minor !== amount.minor || known.value.amount.asset !== amount.asset) {
    return refused('only_whole', 'a refund is of all that was received');
  }
  const body = JSON.stringify({ uuid: paymentId, address, is_subtract: true });
  const asked = await call('/v1/payment/refund', body, { schema: z.unknown(), key: payoutKey });
  return asked.outcome === 'done' ? done({ ...answered, status: 'pending' as const }) : asked;
}

function toCoin({ currency, network, is_available, limit }: z.infer<typeof serviceSchema>): PayerCoin {
  const { min_amount: minAmount, max_amount: maxAmount } = limit;
  return { currency, network, isAvailable: is_available, minAmount, maxAmount };
}
