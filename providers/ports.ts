import type { Money } from '../core/money.ts';
import type { Outcome } from '../core/result.ts';

/**
 * What the activities see of a payment provider. Amounts are minor units; nothing here throws for an expected answer.
 */
export interface PaymentProvider {
  /** The provider's name in the catalogue, the webhook's path and the ledger's accounts. */
  readonly name: string;
  /**
   * Our own credentials are for a live shop (false: a test shop or the simulator). Decides what a test payment means.
   */
  readonly live: boolean;
  /** Our shop, as the provider's answers name it: a payment of another one is not ours. */
  readonly shopId: string;
  /** How long the provider repeats the first answer under the same key. After it, look up by reference instead. */
  readonly idempotencyKeyLifetimeMs: number;
  /**
   * The exact bytes of a create request. They are stored before the first attempt, so that each repeat is identical.
   */
  createBody(order: PaymentOrder): string;
  /**
   * Sends a stored body under a key. `refused` is final for that key; `unknown` is repeated with the same key and
   * body.
   */
  create(key: string, body: string): Promise<Outcome<Payment>>;
  /** Reads a payment. `refused` with code `not_found` when the provider does not know it (or it is another shop's). */
  read(paymentId: string): Promise<Outcome<Payment>>;
  /**
   * Payments created in `[createdFrom, createdTo)` (RFC 3339), newest first, a page at a time; the cursor is opaque.
   */
  list(range: ListRange): Promise<Outcome<PaymentPage>>;
  /** Returns a captured payment to the payer, whole or in part. */
  refund(key: string, request: RefundRequest): Promise<Outcome<Refund>>;
}

export interface PaymentOrder {
  readonly topupId: string;
  readonly price: Money;
  readonly description: string;
  readonly returnUrl: string;
}

export type PaymentStatus = 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled';

export interface Payment {
  readonly paymentId: string;
  readonly status: PaymentStatus;
  readonly amount: Money;
  /** What the shop receives after the provider's fee; absent until paid. */
  readonly income?: Money;
  readonly test: boolean;
  /** The shop the payment belongs to, when the answer names it. */
  readonly shopId?: string;
  /** Our top-up, as the provider keeps it in the payment's metadata. */
  readonly topupId?: string;
  readonly payUrl?: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly capturedAt?: string;
  readonly cancelReason?: string;
}

export interface ListRange {
  readonly createdFrom: string;
  readonly createdTo?: string;
  readonly status?: PaymentStatus;
  readonly cursor?: string;
}

export interface PaymentPage {
  readonly payments: readonly Payment[];
  readonly nextCursor?: string;
}

export interface RefundRequest {
  readonly paymentId: string;
  readonly amount: Money;
  readonly description?: string;
}

export interface Refund {
  readonly refundId: string;
  readonly paymentId: string;
  readonly status: 'pending' | 'succeeded' | 'canceled';
  readonly amount: Money;
}

/** What the activities see of a provider of pictures. */
export interface GenerationProvider {
  readonly name: string;
  /** Puts one of our stored images where the provider can fetch it. */
  uploadImage(image: {
    readonly bytes: Uint8Array;
    readonly mime: string;
    readonly fileName: string;
  }): Promise<Outcome<{ url: string }>>;
  /**
   * Asks for pictures. There is no idempotency at this provider: an `unknown` is never sent again (semantics: kie
   * createTask).
   */
  submit(request: GenerationRequest): Promise<Outcome<{ taskId: string }>>;
  /** Reads a task; `refused` with code `not_found` while the provider does not know it (it may only be lagging). */
  read(taskId: string): Promise<Outcome<GenerationTask>>;
  /** Fetches one delivered picture. */
  download(url: string): Promise<Outcome<{ bytes: Uint8Array; mime: string }>>;
  /** The account's remaining credits at the provider. */
  balance(): Promise<Outcome<number>>;
}

export interface GenerationRequest {
  /** The provider's model name and the options exactly as its API spells them, from the catalogue. */
  readonly model: string;
  readonly prompt: string;
  readonly imageUrls: readonly string[];
  /** The name under which this model takes its input images (`image_urls`, `image_input`, `input_urls`). */
  readonly imageField?: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly callbackUrl: string;
}

export type GenerationTask =
  | {
      readonly state: 'running';
      readonly taskId: string;
      readonly phase: 'waiting' | 'queuing' | 'generating';
      readonly progress?: number;
      readonly callbackUrl?: string;
    }
  | {
      readonly state: 'succeeded';
      readonly taskId: string;
      readonly resultUrls: readonly string[];
      readonly providerCredits?: number;
      readonly callbackUrl?: string;
    }
  | {
      readonly state: 'failed';
      readonly taskId: string;
      readonly code: string;
      readonly message: string;
      readonly callbackUrl?: string;
    };
