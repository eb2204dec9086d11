import type { ParsedUrlQuery } from 'node:querystring';
import type { Collection } from '../../simulator-store.ts';
import { type PaymentObject, type RefundObject, type StoredPayment, invalidRequest } from './model.ts';

interface ListAnswer {
  readonly type: 'list';
  readonly items: readonly unknown[];
  readonly next_cursor?: string;
}

const limitDefault = 10;
const limitMax = 100;

/** `GET /payments`: newest first, by cursor, filtered by status and by creation and capture times. */
export function listPayments(
  payments: Collection<StoredPayment>,
  query: ParsedUrlQuery,
  present: (stored: StoredPayment) => PaymentObject,
): ListAnswer {
  const matches = (stored: StoredPayment) =>
    (query['status'] === undefined || stored.object.status === query['status']) &&
    within(stored.object.created_at, query, 'created_at') &&
    within(stored.object.captured_at, query, 'captured_at');
  return page([...payments.values()].filter(matches), { query, idOf: ({ object }) => object.id, show: present });
}

/** `GET /refunds`, likewise. */
export function listRefunds(refunds: Collection<RefundObject>, query: ParsedUrlQuery): ListAnswer {
  const matches = (refund: RefundObject) =>
    (query['status'] === undefined || refund.status === query['status']) &&
    (query['payment_id'] === undefined || refund.payment_id === query['payment_id']) &&
    within(refund.created_at, query, 'created_at');
  return page([...refunds.values()].filter(matches), { query, idOf: ({ id }) => id, show: (refund) => refund });
}

interface PageOptions<T> {
  readonly query: ParsedUrlQuery;
  readonly idOf: (item: T) => string;
  readonly show: (item: T) => unknown;
}

/** The cursor names the last item shown, so that what is created meanwhile shifts nothing. */
function page<T>(oldestFirst: readonly T[], { query, idOf, show }: PageOptions<T>): ListAnswer {
  const items = [...oldestFirst].reverse();
  const limit = readLimit(query['limit']);
  const cursor = query['cursor'];
  const after = cursor === undefined ? -1 : items.findIndex((item) => idOf(item) === cursorId(String(cursor)));
  if (cursor !== undefined && after === -1) throw invalidRequest('Invalid request parameter', 'cursor');
  const shown = items.slice(after + 1, after + 1 + limit);
  const last = shown.at(-1);
  const more = after + 1 + limit < items.length;
  return {
    type: 'list',
    items: shown.map(show),
    ...(more && last !== undefined ? { next_cursor: Buffer.from(idOf(last)).toString('base64url') } : {}),
  };
}

function cursorId(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}

function readLimit(given: string | string[] | undefined): number {
  if (given === undefined) return limitDefault;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax) {
    throw invalidRequest('Invalid request parameter', 'limit');
  }
  return limit;
}

const comparisons: readonly [string, (at: number, bound: number) => boolean][] = [
  ['gte', (at, bound) => at >= bound],
  ['gt', (at, bound) => at > bound],
  ['lte', (at, bound) => at <= bound],
  ['lt', (at, bound) => at < bound],
];

function within(at: string | undefined, query: ParsedUrlQuery, field: string): boolean {
  return comparisons.every(([name, holds]) => {
    const bound = query[`${field}.${name}`];
    if (bound === undefined) return true;
    const boundMs = Date.parse(String(bound));
    if (Number.isNaN(boundMs)) throw invalidRequest('Invalid request parameter', `${field}.${name}`);
    return at !== undefined && holds(Date.parse(at), boundMs);
  });
}
