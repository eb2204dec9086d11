import { randomBytes } from 'node:crypto';
import { badRequest } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Collections, StoredInvoice } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Places } from './places.ts';

interface InvoicesDeps {
  readonly collections: Collections;
  readonly messages: Messages;
  readonly places: Places;
  readonly nowMs: () => number;
}

const titleMax = 32;
const descriptionMax = 255;
const payloadBytesMax = 128;
const subscriptionSeconds = 2_592_000;
const subscriptionStarsMax = 10_000;
const amountMax = 999_999_999_999;
const starsMax = 100_000;
const notForStars = [
  'need_name',
  'need_phone_number',
  'need_email',
  'need_shipping_address',
  'send_phone_number_to_provider',
  'send_email_to_provider',
  'is_flexible',
];

/** `sendInvoice` and `createInvoiceLink` with Telegram's rules of what may be sold, and for how much. */
export function invoiceMethods({ collections, messages, places, nowMs }: InvoicesDeps): Methods {
  function keep(invoice: Omit<StoredInvoice, 'id' | 'createdAtMs'>): StoredInvoice {
    const id = randomBytes(16).toString('base64url');
    const stored = { ...invoice, id, createdAtMs: nowMs() };
    collections.invoices.put(id, stored);
    return stored;
  }
  return {
    sendInvoice({ parameters }) {
      places.writable(parameters);
      const invoice = keep(readInvoice(parameters));
      return messages.send(
        parameters,
        (_place, markup) => {
          const first = markup.kind === 'inline' ? markup.keyboard.inline_keyboard[0]?.[0] : undefined;
          if (markup.kind === 'inline' && !(first && 'pay' in first)) {
            throw badRequest('REPLY_MARKUP_BUY_EMPTY');
          }
          return { invoice: shownInvoice(invoice, parameters.text('start_parameter') ?? '') };
        },
        { invoiceId: invoice.id },
      );
    },
    createInvoiceLink({ parameters }) {
      const seconds = parameters.integer('subscription_period') ?? 0;
      const invoice = readInvoice(parameters);
      if (seconds !== 0) checkSubscription(invoice, seconds);
      return invoiceLink(keep({ ...invoice, ...(seconds === 0 ? {} : { subscriptionSeconds: seconds }) }).id);
    },
  };
}

/** The address under which an invoice is paid; it never expires and can be paid again and again. */
function invoiceLink(invoiceId: string): string {
  return `https://t.me/$${invoiceId}`;
}

/** The invoice behind such an address. */
export function invoiceOfLink(link: string): string | undefined {
  return /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/(?:\$|invoice\/)([\w-]{1,64})$/.exec(link)?.[1];
}

/** The invoice as a message shows it; the payload stays hidden from the payer. */
export function shownInvoice(invoice: StoredInvoice, startParameter = '') {
  const { title, description, currency, totalAmount } = invoice;
  return { title, description, start_parameter: startParameter, currency, total_amount: totalAmount };
}

function readInvoice(parameters: Parameters): Omit<StoredInvoice, 'id' | 'createdAtMs'> {
  const title = required(parameters, 'title');
  const description = required(parameters, 'description');
  const payload = required(parameters, 'payload');
  const currency = required(parameters, 'currency');
  if (title.length > titleMax) throw badRequest('INVOICE_TITLE_INVALID');
  if (description.length > descriptionMax) throw badRequest('INVOICE_DESCRIPTION_INVALID');
  if (Buffer.byteLength(payload) > payloadBytesMax) throw badRequest('INVOICE_PAYLOAD_INVALID');
  const prices = readPrices(parameters);
  const totalAmount = prices.reduce((sum, { amount }) => sum + amount, 0);
  if (!Number.isSafeInteger(totalAmount) || totalAmount <= 0 || totalAmount > amountMax) {
    throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  }
  const providerToken = parameters.text('provider_token') ?? '';
  const invoice = { title, description, payload, currency, totalAmount, prices };
  const photo = parameters.text('photo_url');
  const shown = photo ? { ...invoice, photoUrl: photo } : invoice;
  if (currency === 'XTR') {
    checkStars(parameters, invoice, providerToken);
    return shown;
  }
  if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('CURRENCY_INVALID');
  if (!/^\d+:(?:TEST|LIVE):[\w-]+$/.test(providerToken)) throw badRequest('PAYMENT_PROVIDER_INVALID');
  checkProviderData(parameters);
  return { ...shown, providerToken };
}

function checkStars(
  parameters: Parameters,
  { prices, totalAmount }: { prices: readonly unknown[]; totalAmount: number },
  providerToken: string,
): void {
  const refused = [
    prices.length !== 1,
    providerToken !== '',
    totalAmount > starsMax,
    (parameters.integer('max_tip_amount') ?? 0) !== 0,
    parameters.json('suggested_tip_amounts') !== undefined,
    notForStars.some((name) => parameters.boolean(name)),
  ];
  if (refused.includes(true)) throw badRequest('STARS_INVOICE_INVALID');
}

function checkSubscription(
  { currency, totalAmount }: { currency: string; totalAmount: number },
  seconds: number,
): void {
  if (currency !== 'XTR' || seconds !== subscriptionSeconds) throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  if (totalAmount > subscriptionStarsMax) throw badRequest('STARS_INVOICE_INVALID');
}

function checkProviderData(parameters: Parameters): void {
  const data = parameters.text('provider_data');
  if (data === undefined || data === '') return;
  try {
    JSON.parse(data);
  } catch {
    throw badRequest('DATA_JSON_INVALID');
  }
}

function readPrices(parameters: Parameters): { label: string; amount: number }[] {
  const given = parameters.json('prices');
  if (given === undefined) throw badRequest('Parameter "prices" is required');
  if (!Array.isArray(given)) throw badRequest("Can't parse prices: Expected an Array of LabeledPrice");
  if (given.length === 0) throw badRequest('Parameter "prices" is required');
  return given.map((price: unknown) => {
    const { label, amount } = (typeof price === 'object' && price !== null ? price : {}) as Record<string, unknown>;
    if (typeof label !== 'string' || label === '')
      throw badRequest(`can't parse labeled price: Can't find field "label"`);
    const value = typeof amount === 'string' && /^-?\d+$/.test(amount) ? Number(amount) : amount;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw badRequest(`can't parse labeled price: Can't find field "amount"`);
    }
    return { label, amount: value };
  });
}

function required(parameters: Parameters, name: string): string {
  const value = parameters.text(name) ?? '';
  if (value === '') throw badRequest(`Parameter "${name}" is required`);
  return value;
}
