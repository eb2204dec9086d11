/*
 * Our wallet on the TON chain. One workflow per wallet sends its messages one after another: a wallet has one number
 * per message, so it can have only one message that is not decided.
 */

/** A message is `signed` until the chain decides: it was `executed`, or is `dead` and can never be any more. */
export const walletMessageStates = ['signed', 'executed', 'dead'] as const;
export type WalletMessageState = (typeof walletMessageStates)[number];

/**
 * A payment of one purchase: `prepared` until it has a place in a signed message; then the chain says `paid` or
 * `not_paid`. `dropped`: it was never signed, and never will be.
 */
export const starPaymentStates = ['prepared', 'signed', 'paid', 'not_paid', 'dropped'] as const;
export type StarPaymentState = (typeof starPaymentStates)[number];

export interface WalletInput {
  /** The wallet's address, raw: `0:hex`. */
  readonly wallet: string;
}

/** The id of a wallet's workflow. */
export function walletWorkflowId(wallet: string): string {
  return `wallet/${wallet}`;
}
