import type { ExpectedPayment } from './decision.ts';

/** A payment of ours as the books have it. */
export interface BookedPayment extends ExpectedPayment {
  readonly purchaseId: string;
  readonly state: 'paid' | 'not_paid';
  /** The normalised hash of the message that carried it. */
  readonly messageHash: string;
}

/** What left the wallet by one of its messages, as the chain has it. */
export interface SentPayment extends ExpectedPayment {
  readonly messageHash: string;
  readonly transactionHash: string;
}

export interface Reconciliation {
  readonly matchedCount: number;
  /** Paid in the books, and not to be seen on the chain. */
  readonly missingOnChain: readonly BookedPayment[];
  /** Left the wallet, and no payment of the books says so: somebody else's, or the worst that can happen. */
  readonly missingInBooks: readonly SentPayment[];
  /** Called not paid in the books, and the chain shows it. */
  readonly paidAfterAll: readonly BookedPayment[];
}

/**
 * Holds the books against the chain, both ways: each payment against one message that left the wallet, by the message
 * that carried it, destination, amount and body. Pure.
 */
export function reconcile(booked: readonly BookedPayment[], sent: readonly SentPayment[]): Reconciliation {
  const left = [...sent];
  const isThere = (payment: BookedPayment): boolean => {
    const index = left.findIndex((one) => isSame(one, payment));
    if (index !== -1) left.splice(index, 1);
    return index !== -1;
  };
  const paid = booked.filter(({ state }) => state === 'paid');
  const missingOnChain = paid.filter((payment) => !isThere(payment));
  const paidAfterAll = booked.filter((payment) => payment.state === 'not_paid' && isThere(payment));
  return { matchedCount: paid.length - missingOnChain.length, missingOnChain, missingInBooks: left, paidAfterAll };
}

function isSame(sent: SentPayment, booked: BookedPayment): boolean {
  return (
    sent.messageHash === booked.messageHash &&
    sent.destination === booked.destination &&
    sent.amountNano === booked.amountNano &&
    sent.bodyHash === booked.bodyHash
  );
}
