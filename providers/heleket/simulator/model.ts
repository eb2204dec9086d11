import type { Collection } from '../../simulator-store.ts';

/** An invoice as the API shows it; amounts are decimal texts. */
export interface InvoiceObject {
  uuid: string;
  order_id: string;
  amount: string;
  payment_amount: string | null;
  payer_amount: string | null;
  payer_amount_exchange_rate: string | null;
  discount_percent: number | null;
  discount: string;
  payer_currency: string | null;
  currency: string;
  merchant_amount: string | null;
  commission: string | null;
  comments: null;
  network: string | null;
  address: string | null;
  from: string | null;
  txid: string | null;
  payment_status: string;
  status: string;
  url: string;
  expired_at: number;
  is_final: boolean;
  additional_data: string | null;
  created_at: string;
  updated_at: string;
}

/** What the simulator keeps of an invoice. */
export interface StoredInvoice {
  readonly object: InvoiceObject;
  readonly callbackUrl: string | null;
  readonly returnUrl: string | null;
  readonly isMultiple: boolean;
  lifetimeMs: number;
  expiryJobId?: string;
  resends: number;
}

export interface StoredNotification {
  readonly id: string;
  readonly uuid: string;
  readonly status: string;
  readonly url: string;
  readonly body: string;
  readonly firstAtMs: number;
  attempts: number;
  /** The last answer; null: nobody answered. */
  lastStatus?: number | null;
  state: 'waiting' | 'received' | 'given_up';
}

export interface Collections {
  readonly invoices: Collection<StoredInvoice>;
  /** The invoice of an order id. */
  readonly orders: Collection<string>;
  readonly notifications: Collection<StoredNotification>;
}

/** What has come to the API since the start. */
export interface Traffic {
  calls: number;
  /** The most within any second. */
  callsInSecondMax: number;
}

/** What can be set at the start and changed by `POST /_sim/options`. */
export interface Settings {
  /** False: the merchant has not passed moderation, and every call is forbidden. */
  moderated: boolean;
  /** Commission in basis points of what was paid. */
  feeBps: number;
  /** Invoices on a page of the list; the documents name no number. */
  perPage: number;
  /** Multiplies the delays between deliveries of a webhook. */
  retryScale: number;
  /** 0: unlimited. */
  requestsPerSecondMax: number;
  /** Coins that are not taken just now, by currency. */
  unavailable: readonly string[];
  /** The least sum of every coin, in that coin. */
  minAmount: string;
}

/** An error of the API: fields with their problems, or a message. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Readonly<Record<string, readonly string[]>> | undefined;

  constructor(status: number, message: string, errors?: Readonly<Record<string, readonly string[]>>) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}
