import type { PayerCoin } from '../core/flows/guide.ts';
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
  /** Its list knows no statuses: each list costs all of it, so that whoever wants several asks once for all. */
  readonly listsUnfiltered?: true;
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
  /** The coins and networks that a payer may choose, with their limits. Absent: it is paid in no coins. */
  coins?(): Promise<Outcome<readonly PayerCoin[]>>;
}

export interface PaymentOrder {
  /** The key that the body will be sent under: the top-up's id, and the number of the attempt from the second on. */
  readonly key: string;
  readonly topupId: string;
  readonly price: Money;
  readonly description: string;
  readonly returnUrl: string;
}

/**
 * `held`: money came, and stands where neither we nor the payer can have it (an AML check, a failure of the provider);
 * `returned`: it came and has gone back, or is on its way. A person decides about both.
 */
export type PaymentStatus = 'pending' | 'waiting_for_capture' | 'succeeded' | 'canceled' | 'held' | 'returned';

export interface Payment {
  readonly paymentId: string;
  readonly status: PaymentStatus;
  /** What is to be paid; once `succeeded`, what was. */
  readonly amount: Money;
  /**
   * What was asked for, in the same asset: given by a provider that takes more or less than that, which is then
   * credited at the order's own price. Absent: an amount that was not asked for is nothing that we know.
   */
  readonly asked?: Money;
  /** Of a pending payment that may be paid by parts: what has come so far, in the asset of the price. */
  readonly receivedSoFar?: Money;
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
  /** Where it goes, at a provider that cannot know it: an address in the payer's coin. */
  readonly address?: string;
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
  /** Asks for pictures. The provider knows no idempotency key: an `unknown` is never sent again. */
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

/** What is bought for whom: Stars, or months of Premium, for a username without @. */
export interface StarItem {
  readonly kind: 'stars' | 'premium';
  readonly quantity: number;
  readonly recipient: string;
}

/** What one payment must be: exactly this transfer, from our own wallet, before `validUntil` (unix seconds). */
export interface StarPaymentRequest {
  /** The provider's id of this request; it costs nothing until it is paid, and may be abandoned. */
  readonly requestId: string;
  /** The reference in the transfer's comment, by which the provider knows what was paid for. */
  readonly ref: string;
  /** Raw address, `0:hex`. */
  readonly destination: string;
  readonly amountNano: bigint;
  /** The body of the transfer: base64 of its bag of cells, padded and in the ordinary alphabet. */
  readonly payload: string;
  /** Hex of the body cell's hash. */
  readonly bodyHash: string;
  readonly validUntil: number;
}

/** A line of the provider's history. */
export interface StarDelivery extends StarItem {
  readonly amountNano: bigint;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * What the activities see of who delivers Stars and Premium. Nothing here pays: the irreversible step is the wallet's.
 * Everything may be repeated. Refusals: `recipient_not_found`, `recipient_not_user`, `recipient_refused`,
 * `already_premium`, `verification_required`, `login_required` (a person must log in again), `request_invalid` (what
 * came back is not what was asked for: it must not be signed).
 */
export interface StarsProvider {
  readonly name: string;
  /** Who would receive it, and what it costs now, in nanotons. */
  quote(item: StarItem): Promise<Outcome<{ recipientName: string; priceNano: bigint }>>;
  /**
   * What so many Stars cost about, in nanotons: for people who have not said yet for whom. A quote is what counts.
   */
  guidePrice(quantity: number): Promise<Outcome<bigint>>;
  /** Has the provider make a payment request, and proves it: what was asked for, from our wallet, within time. */
  prepare(order: StarItem & { readonly showSender: boolean }): Promise<Outcome<StarPaymentRequest>>;
  /** Tells the provider that its request was paid. Best effort: what counts for it is the chain. */
  confirm(request: { readonly requestId: string; readonly boc: Uint8Array }): Promise<Outcome<null>>;
  /** What the provider's own history says it has delivered since a moment (RFC 3339). It may lag behind a delivery. */
  listDeliveries(request: {
    readonly kind: StarItem['kind'];
    readonly since: string;
  }): Promise<Outcome<readonly StarDelivery[]>>;
  /** Renews what can be renewed of our session without a person. `login_required` when it cannot. */
  refreshSession(): Promise<Outcome<{ readonly loggedIn: boolean }>>;
}

/** A transfer out of our wallet. */
export interface WalletTransfer {
  /** Raw address, `0:hex`. */
  readonly destination: string;
  readonly amountNano: bigint;
  /** Base64 of the body's bag of cells. */
  readonly payload: string;
}

/** A signed external message: the same request always gives the same bytes. */
export interface SignedWalletMessage {
  readonly boc: Uint8Array;
  readonly rawHash: string;
  readonly normalizedHash: string;
}

/** A message of ours whose end the chain is asked for. */
export interface WatchedMessage {
  readonly seqno: number;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly normalizedHash: string;
  readonly transfers: readonly (Omit<WalletTransfer, 'payload'> & { readonly bodyHash: string })[];
}

/** What the chain says about a message; `evidence` is what it was read from, for the books. */
export type MessageVerdict =
  /** It was executed; `paid` are the positions whose transfer really left. The others never will by these bytes. */
  | { readonly verdict: 'executed'; readonly paid: readonly number[]; readonly evidence: object }
  /** It can never be executed. `foreign`: somebody else has used this wallet's number. */
  | { readonly verdict: 'dead'; readonly foreign: boolean; readonly evidence: object }
  /** `resend`: the same bytes may be sent again meanwhile. `question`: why a person must look. */
  | { readonly verdict: 'undecided'; readonly resend: boolean; readonly question?: string; readonly evidence: object };

/** What the activities see of our wallet on the chain. Its secret never leaves the object. */
export interface ChainWallet {
  readonly name: string;
  /** Raw address, `0:hex`. */
  readonly address: string;
  /** How many transfers one message may carry. */
  readonly transfersMax: number;
  /** The wallet's next number, what it holds, and the chain's own time in unix seconds. */
  readState(): Promise<Outcome<{ isDeployed: boolean; seqno: number; balanceNano: bigint; chainTime: number }>>;
  /** Builds and signs a message; no IO, so that it can be stored before it is sent. */
  sign(request: {
    readonly seqno: number;
    readonly validUntil: number;
    /** The wallet is not on the chain yet: its code goes along. */
    readonly withStateInit: boolean;
    readonly transfers: readonly WalletTransfer[];
  }): SignedWalletMessage;
  /** Hands bytes to the chain. No answer decides anything: `done` means that they wait to be taken up. */
  send(boc: Uint8Array): Promise<Outcome<null>>;
  /** Reads final data of the chain and decides. `unknown` when it could not be read. */
  judge(message: WatchedMessage): Promise<Outcome<MessageVerdict>>;
}
