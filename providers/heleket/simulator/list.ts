import type { Collection } from '../../simulator-store.ts';
import { ApiError, type InvoiceObject, type StoredInvoice } from './model.ts';

interface Asked {
  readonly bounds: { readonly date_from?: string | undefined; readonly date_to?: string | undefined };
  readonly cursor: string | string[] | undefined;
  readonly perPage: number;
}

/** `POST /v1/payment/list`: newest first, by cursor, between two moments of the wall clock in UTC+3. */
export function listInvoices(
  invoices: Collection<StoredInvoice>,
  { bounds, cursor, perPage }: Asked,
  present: (stored: StoredInvoice) => InvoiceObject,
) {
  const [from, to] = [moment(bounds.date_from, -Infinity), moment(bounds.date_to, Infinity)];
  const within = [...invoices.values()].reverse().filter(({ object }) => {
    const at = Date.parse(object.created_at);
    return at >= from && at <= to;
  });
  const after = cursor === undefined ? -1 : within.findIndex(({ object }) => object.uuid === cursor);
  if (cursor !== undefined && after === -1) throw new ApiError(422, 'cursor', { cursor: ['validation.exists'] });
  const shown = within.slice(after + 1, after + 1 + perPage);
  const hasMore = after + 1 + perPage < within.length;
  return {
    items: shown.map(present),
    paginate: {
      count: shown.length,
      hasPages: within.length > perPage,
      nextCursor: hasMore ? (shown.at(-1)?.object.uuid ?? null) : null,
      previousCursor: null,
      perPage,
    },
  };
}

function moment(text: string | undefined, absent: number): number {
  return text === undefined ? absent : Date.parse(`${text.replace(' ', 'T')}+03:00`);
}
