import type { PaymentOrder } from '../ports.ts';
import type { MethodPayload } from './methods.ts';

type Invoice = MethodPayload<'createInvoiceLink'>;

const titleMax = 32;
const descriptionMax = 255;

/**
 * The parameters of an invoice for a top-up: exactly one price in the smallest units of the currency, our top-up's id
 * as the payload, and nothing that Stars do not take. The same order gives the same invoice. A provider's token goes in
 * only when it is sent, never into what we store.
 */
export function toInvoice(order: PaymentOrder): Invoice {
  const amount = Number(order.price.minor);
  if (!Number.isSafeInteger(amount)) throw new RangeError('an invoice cannot be that high');
  return {
    title: cut(order.description, titleMax),
    description: cut(order.description, descriptionMax),
    payload: order.topupId,
    currency: order.price.asset,
    prices: [{ label: cut(order.description, titleMax), amount }],
  };
}

/** The first characters of a text, without half of a pair at the end. */
function cut(text: string, max: number): string {
  return text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '');
}
