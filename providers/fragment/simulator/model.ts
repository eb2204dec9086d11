/** What came in. */
export interface Traffic {
  calls: number;
  /** The most within any second. */
  callsInSecondMax: number;
}

/** A browser's session: its cookie, the token of its pages, and the wallet that it has proved. */
export interface SimSession {
  readonly ssid: string;
  hash: string;
  hashAtMs: number;
  readonly proofPayload: string;
  /** The cookie of the linked wallet, and its raw address. */
  tonToken?: string;
  address?: string;
}

/** The Telegram account behind all sessions of this simulator. */
export interface SimAccount {
  loggedIn: boolean;
  /** Pages that made a session, and wallets that were linked: what a client did, for tests. */
  sessionCount: number;
  proofCount: number;
}

export type PaymentState = 'waiting' | 'delivered' | 'refused' | 'lost';

/** A payment that came in for an order. */
export interface SimPayment {
  readonly txHash: string;
  readonly amountNano: string;
  readonly source: string | null;
  readonly atMs: number;
  readonly isLate: boolean;
  state: PaymentState;
  deliveredAtMs?: number;
}

/** A request, from its price to its delivery. */
export interface SimOrder {
  readonly reqId: string;
  readonly kind: 'stars' | 'premium';
  readonly quantity: number;
  readonly recipient: string;
  readonly amountNano: string;
  readonly createdAtMs: number;
  /** Set once its payment was asked for; an id works once. */
  ref?: string;
  validUntilMs?: number;
  showSender?: boolean;
  address?: string | undefined;
  confirmCount: number;
  readonly payments: SimPayment[];
}

/** `open` has a price, `asked` waits for its payment. */
export function stateOf({ ref, payments }: SimOrder): 'open' | 'asked' | PaymentState {
  return payments.at(-1)?.state ?? (ref === undefined ? 'open' : 'asked');
}
