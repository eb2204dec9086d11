/*
 * The live updates of `GET /ws`, for server and browser: docs/reference/realtime.md says how they are used.
 */

/** The one subprotocol that the server answers with; the token is offered beside it as `token.<jwt>`. */
export const liveProtocol = 'holdfast.v1';

/** What precedes the access token in the list of offered subprotocols. */
export const liveTokenPrefix = 'token.';

/** Why the server ends a connection. */
export const liveCloseCodes = {
  /** The server stops; connect again. */
  goingAway: 1001,
  /** The client sent what is no message of ours, or too many of them. */
  notUnderstood: 1008,
  /** A frame above `limits.liveFrameBytesMax`. */
  tooBig: 1009,
  /** No token, a bad one, an expired one, or one whose login was closed: refresh it and connect again. */
  unauthorized: 4401,
  banned: 4403,
  /** The client reads slower than it is sent to; connect again and resume. */
  tooSlow: 4408,
  /** This person has too many connections. */
  tooMany: 4429,
} as const;

/** What the server sends: a fact of the person's own topic, or `snapshot`. */
export interface LiveMessage {
  /** The number of the last fact that this message includes: one more with every fact, with no gap. */
  readonly seq: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a client may send: the facts after `seq`; without it, or when they are no longer kept, a snapshot. */
export interface LiveResume {
  readonly type: 'resume';
  readonly seq?: number;
}

/** Facts that move no money; every other one carries the balances that hold after it. */
const withoutMoney: ReadonlySet<string> = new Set([
  'generation.submitted',
  'generation.running',
  'generation.progress',
  'generation.refused',
  'generation.late_result',
  'generation.needs_attention',
  'topup.awaiting_payment',
  'topup.canceled',
  'topup.expired',
  'topup.needs_attention',
  'star_purchase.refused',
  'star_purchase.signed',
  'star_purchase.paid',
  'star_purchase.needs_attention',
]);

/** Whether a fact may have changed a balance. One that is not known here is taken for one that did. */
export function movesMoney(type: string): boolean {
  return !withoutMoney.has(type);
}
