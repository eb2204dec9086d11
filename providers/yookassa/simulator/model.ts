import type { Collection } from '../../simulator-store.ts';

/** An amount as YooKassa writes it: a decimal text and a currency code. */
export interface AmountObject {
  readonly value: string;
  readonly currency: string;
}

export interface PaymentObject {
  id: string;
  status: 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';
  amount: AmountObject;
  income_amount?: AmountObject;
  refunded_amount?: AmountObject;
  description?: string;
  recipient: { account_id: string; gateway_id: string };
  payment_method?: PaymentMethodObject;
  captured_at?: string;
  created_at: string;
  expires_at?: string;
  confirmation?: ConfirmationObject;
  test: boolean;
  paid: boolean;
  refundable: boolean;
  metadata: Record<string, string | null>;
  cancellation_details?: { party: string; reason: string };
  authorization_details?: { rrn: string; auth_code: string; three_d_secure: { applied: boolean } };
}

export interface PaymentMethodObject {
  readonly type: 'bank_card';
  readonly id: string;
  readonly saved: boolean;
  readonly status: 'pending' | 'active' | 'inactive';
  readonly title: string;
  readonly card: Readonly<Record<string, string>>;
}

export type ConfirmationObject =
  | { type: 'redirect'; return_url: string; confirmation_url?: string }
  | { type: 'mobile_application' | 'external'; return_url?: string; confirmation_url?: string }
  | { type: 'embedded'; confirmation_token: string }
  | { type: 'qr'; return_url?: string; confirmation_data: string };

export interface RefundObject {
  id: string;
  payment_id: string;
  status: 'pending' | 'succeeded' | 'canceled';
  amount: AmountObject;
  created_at: string;
  description?: string;
  metadata?: Record<string, string | null>;
  cancellation_details?: { party: string; reason: string };
}

/** What the simulator keeps of a payment: the object, and what the real system would know besides. */
export interface StoredPayment {
  readonly object: PaymentObject;
  readonly capture: boolean;
  readonly returnUrl?: string;
  /** The timer of the payer's hour, or of the hold's end. */
  expiryJobId?: string;
}

/** One notification and its deliveries so far. */
export interface StoredNotification {
  readonly id: string;
  readonly event: string;
  readonly objectId: string;
  readonly object: unknown;
  readonly firstAtMs: number;
  attempts: number;
  /** The last answer; null: nobody answered. */
  lastStatus?: number | null;
  state: 'waiting' | 'received' | 'given_up';
}

export interface Collections {
  readonly payments: Collection<StoredPayment>;
  readonly refunds: Collection<RefundObject>;
  readonly notifications: Collection<StoredNotification>;
}

/** What can be set at the start and changed by `POST /_sim/options`; `reset` brings the start's values back. */
export interface Settings {
  /** The one notification URL of the shop, as the merchant's cabinet has it. */
  webhookUrl: string | undefined;
  /** Multiplies the delays of the retry ladder. */
  retryScale: number;
  feeBps: number;
  /** VAT on the fee (from 2026). */
  vatBps: number;
  /** The payer's time on the page. */
  confirmationTermMs: number;
  /** How long a POST is "in flight" before it acts. */
  processingMs: number;
  /** 0: unlimited. */
  requestsPerSecondMax: number;
  /** The shop has fiscal receipts on. */
  receiptRequired: boolean;
  /** Refunds stay pending until `/_sim/refunds/{id}/succeed` or `/cancel`. */
  refundsPending: boolean;
  /** The shop that new payments name as theirs; ours unless a test wants a wrong one. */
  recipientShopId: string;
  /** What new payments say in `test`. */
  testPayments: boolean;
}

/** An answer of the API that is an error, with the texts of the documents. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly parameter: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    code: string | undefined,
    details: { description: string; parameter?: string; retryAfterMs?: number },
  ) {
    super(details.description);
    this.status = status;
    this.code = code;
    this.parameter = details.parameter;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A 400 `invalid_request`: final, to be mended and sent under a new key. */
export function invalidRequest(description: string, parameter?: string): ApiError {
  return new ApiError(400, 'invalid_request', { description, ...(parameter === undefined ? {} : { parameter }) });
}

/** A 404 for an id that is unknown or belongs to another shop. */
export function notFound(description: string): ApiError {
  return new ApiError(404, 'not_found', { description });
}
