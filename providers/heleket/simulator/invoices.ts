import { randomBytes, randomUUID } from 'node:crypto';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { coins, convert, rateOf } from './coins.ts';
import { parseUnits, showUnits } from './decimals.ts';
import { ApiError, type Collections, type InvoiceObject, type Settings, type StoredInvoice } from './model.ts';
import type { Notifications, NotifyOptions } from './notifications.ts';

export interface CreateBody {
  readonly amount: string;
  readonly currency: string;
  readonly order_id: string;
  readonly url_return?: string | null | undefined;
  readonly url_callback?: string | null | undefined;
  readonly is_payment_multiple: boolean;
  readonly lifetime: number;
  readonly additional_data?: string | null | undefined;
  readonly is_refresh: boolean;
}

export interface PayOptions extends NotifyOptions {
  /** In the payer's coin; absent: what is still due. */
  readonly amount?: string | undefined;
  /** A share of what is due, in hundredths: 50 is half, 150 half too much. */
  readonly percent?: number | undefined;
  readonly coin?: { readonly currency: string; readonly network: string } | undefined;
  /** The AML check stops the money. */
  readonly isSuspect?: boolean | undefined;
}

interface Deps {
  readonly parts: SimulatorParts;
  readonly collections: Collections;
  readonly settings: Settings;
  readonly notifications: Notifications;
}

/** Statuses after which more can still come to an invoice by itself. */
const openStatuses: ReadonlySet<string> = new Set([
  'check',
  'process',
  'confirm_check',
  'wrong_amount_waiting',
  'refund_process',
]);

export type Invoices = ReturnType<typeof createInvoices>;

/** The invoices of the simulated merchant and their statuses. */
export function createInvoices({ parts, collections, settings, notifications }: Deps) {
  const { clock, jobs, store } = parts;
  const { invoices, orders } = collections;

  function find({ uuid, order_id }: { uuid?: string | undefined; order_id?: string | undefined }): StoredInvoice {
    // The order id wins where both are given.
    const stored = invoices.get((order_id === undefined ? uuid : orders.get(order_id)) ?? '');
    if (!stored) throw new ApiError(422, 'Payment not found');
    return stored;
  }

  /** A change and the telling of it are kept together: what was paid is also told after a kill. */
  function move(stored: StoredInvoice, status: string, options: NotifyOptions = {}) {
    return store.atomically(() => {
      const { object } = stored;
      object.status = object.payment_status = status;
      object.is_final = !openStatuses.has(status);
      object.updated_at = moscowTime(clock.nowMs());
      if (object.is_final && stored.expiryJobId !== undefined) {
        jobs.cancel(stored.expiryJobId);
        delete stored.expiryJobId;
      }
      invoices.put(object.uuid, stored);
      notifications.notify(stored.callbackUrl, object, options);
      return object;
    });
  }

  function expireLater(stored: StoredInvoice): void {
    const data = { uuid: stored.object.uuid };
    const dueAtMs = clock.nowMs() + stored.lifetimeMs;
    stored.expiryJobId = jobs.schedule({ kind: 'expiry', data, dueAtMs });
    stored.object.expired_at = Math.floor(dueAtMs / 1_000);
  }

  /** The payer chooses a coin, and the rate is quoted until the invoice's end. */
  function choose(stored: StoredInvoice, coin: { currency: string; network: string }): void {
    const known = coins.some(({ currency, network }) => currency === coin.currency && network === coin.network);
    if (!known) throw new ApiError(422, 'The network was not found');
    const { object } = stored;
    if (object.payment_amount !== null) return;
    object.payer_currency = coin.currency;
    object.network = coin.network;
    object.address = `SIM${randomBytes(15).toString('hex')}`;
    object.payer_amount = showUnits(convert(parseUnits(object.amount), object.currency, coin.currency));
    object.payer_amount_exchange_rate = showUnits(rateOf(object.currency, coin.currency));
    invoices.put(object.uuid, stored);
  }

  function statusAfter(stored: StoredInvoice, paid: bigint): string {
    const due = parseUnits(stored.object.payer_amount ?? '0');
    if (paid === due) return 'paid';
    if (paid > due) return 'paid_over';
    const isOpen = stored.isMultiple && stored.object.expired_at * 1_000 > clock.nowMs();
    return isOpen ? 'wrong_amount_waiting' : 'wrong_amount';
  }

  return {
    find,
    choose,
    move,
    create(body: CreateBody): InvoiceObject {
      const known = orders.get(body.order_id);
      const stored = known === undefined ? newInvoice(body, clock.nowMs()) : find({ uuid: known });
      const isRevived = body.is_refresh && stored.object.status === 'cancel';
      if (known !== undefined && !isRevived) return stored.object;
      store.atomically(() => {
        Object.assign(stored.object, { status: 'check', payment_status: 'check', is_final: false, address: null });
        expireLater(stored);
        invoices.put(stored.object.uuid, stored);
        orders.put(body.order_id, stored.object.uuid);
      });
      return stored.object;
    },
    /** Coins arrive, in time or late. Undefined: the money has gone back, and nothing can come any more. */
    pay(uuid: string, { amount, percent = 100, coin, isSuspect, ...told }: PayOptions = {}): InvoiceObject | undefined {
      const stored = find({ uuid });
      const { object } = stored;
      if (object.status.startsWith('refund')) return undefined;
      if (coin || object.payer_amount === null) choose(stored, coin ?? { currency: 'USDT', network: 'tron' });
      const due = parseUnits(object.payer_amount ?? '0');
      const before = parseUnits(object.payment_amount ?? '0');
      const whole = percent === 100 && due > before ? due - before : (due * BigInt(percent)) / 100n;
      const paid = before + (amount === undefined ? whole : parseUnits(amount));
      const commission = (paid * BigInt(settings.feeBps)) / 10_000n;
      object.payment_amount = showUnits(paid);
      object.commission = showUnits(commission);
      object.merchant_amount = showUnits(paid - commission);
      object.from = `SIM${randomBytes(15).toString('hex')}`;
      object.txid = randomBytes(32).toString('hex');
      return move(stored, isSuspect ? 'locked' : statusAfter(stored, paid), told);
    },
    /** The AML check lets the money go. */
    release(uuid: string, told: NotifyOptions = {}): InvoiceObject | undefined {
      const stored = find({ uuid });
      if (stored.object.status !== 'locked') return undefined;
      return move(stored, statusAfter(stored, parseUnits(stored.object.payment_amount ?? '0')), told);
    },
    /** The job that ends an invoice's time: what came by then is too little, or nothing. */
    expire({ uuid }: { uuid: string }): void {
      const stored = invoices.get(uuid);
      if (stored === undefined || stored.object.is_final) return;
      move(stored, stored.object.payment_amount === null ? 'cancel' : 'wrong_amount');
    },
    /** The object as the API shows it: the page's address follows the simulator's origin. */
    present: ({ object }: StoredInvoice): InvoiceObject => ({ ...object, url: parts.origin() + payPath(object.uuid) }),
  };
}

/** The path of the payer's page; the real one is of the same form on another host. */
export function payPath(uuid: string): string {
  return `/pay/${uuid}`;
}

function newInvoice(body: CreateBody, nowMs: number): StoredInvoice {
  const at = moscowTime(nowMs);
  return {
    callbackUrl: body.url_callback ?? null,
    returnUrl: body.url_return ?? null,
    isMultiple: body.is_payment_multiple,
    lifetimeMs: body.lifetime * 1_000,
    resends: 0,
    object: {
      uuid: randomUUID(),
      order_id: body.order_id,
      amount: body.amount,
      payment_amount: null,
      payer_amount: null,
      payer_amount_exchange_rate: null,
      discount_percent: null,
      discount: '0',
      payer_currency: null,
      currency: body.currency,
      merchant_amount: null,
      commission: null,
      comments: null,
      network: null,
      address: null,
      from: null,
      txid: null,
      payment_status: 'check',
      status: 'check',
      url: '',
      expired_at: 0,
      is_final: false,
      additional_data: body.additional_data ?? null,
      created_at: at,
      updated_at: at,
    },
  };
}

/** Times are told in UTC+3. */
function moscowTime(atMs: number): string {
  return new Date(atMs + 3 * 60 * 60 * 1_000).toISOString().replace(/\.(\d{3})Z$/, '.$1+03:00');
}
