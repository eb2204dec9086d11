import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { Cause } from '../core/flows/flow.ts';
import {
  isStarPurchaseFinal,
  type StarDecided,
  type StarDecision,
  type StarPurchaseCancel,
  type StarPurchaseFailure,
  type StarPurchasePlaced,
  type StarPurchaseStatus,
} from '../core/flows/star-purchase.ts';
import type { StarPaymentState } from '../core/flows/wallet.ts';
import type { Cases } from '../db/cases.ts';
import type { StarDeliveries } from '../db/star-deliveries.ts';
import type { StarPurchaseMoves } from '../db/star-purchase-moves.ts';
import type { StarPurchase, StarPurchases } from '../db/star-purchases.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { ChainWallet, StarsProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface StarPurchaseDeps {
  readonly starPurchases: StarPurchases;
  readonly starPurchaseMoves: StarPurchaseMoves;
  readonly starDeliveries: StarDeliveries;
  readonly starsProvider: (name: string) => StarsProvider;
  /** The wallet that pays now. */
  readonly payingWallet: () => Promise<ChainWallet>;
  readonly cases: Cases;
  /** How long a delivery is looked for before a person is asked; `limits.starDeliveryDeadlineMs` at most. */
  readonly starDeliveryDeadlineMs: number;
  readonly failpoint: Failpoint;
}

/** Why a purchase ends without a payment. */
export interface StarRefusal {
  readonly failure: StarPurchaseFailure;
  readonly detail: string | null;
}

/** How an order stands in its row. `decision`: what enough operators have said about its parking. */
export interface StarStanding {
  readonly status: StarPurchaseStatus;
  readonly round: number;
  readonly decision?: StarDecision;
}

/** `prepared`: a payment waits for the wallet, or is further already. */
export type PrepareAnswer =
  | { readonly outcome: 'prepared'; readonly state: StarPaymentState; readonly wallet: string }
  | { readonly outcome: 'order_closed' }
  | ({ readonly outcome: 'refused' } & StarRefusal);

/** Refusals that speak of the recipient: the person can choose another one. */
const recipientRefusals: ReadonlySet<string> = new Set([
  'recipient_not_found',
  'recipient_not_user',
  'recipient_refused',
  'already_premium',
]);

/** The steps of one purchase; the wallet's own stand in `wallet.ts`, the looking for deliveries in `deliveries.ts`. */
export function createStarPurchaseActivities(deps: StarPurchaseDeps) {
  const { starPurchases, starPurchaseMoves: moves, failpoint } = deps;

  return {
    /**
     * Holds the price. A refusal is a value; `canceled` when the order was given up before. Also answers how the order
     * `stands`: a saga that begins anew, its history lost, goes on from there.
     */
    async reserveStarPurchase(input: {
      purchaseId: string;
      holdKey: string;
      holdTtlMs: number;
      cause: Cause;
    }): Promise<{ readonly placed: StarPurchasePlaced; readonly stands: StarPurchaseStatus }> {
      await failpoint('star-purchase.before-reserve');
      const answer = await moves.reserve({ ...input, key: input.holdKey, ttlMs: input.holdTtlMs });
      await failpoint('star-purchase.after-reserve');
      const stands = answer.status;
      if (answer.outcome === 'held' || answer.outcome === 'already_reserved') {
        return { placed: { status: 'reserved' }, stands };
      }
      if (answer.outcome === 'insufficient_funds') {
        const { requiredMinor, availableMinor } = answer;
        return { placed: { status: 'refused', requiredMinor, availableMinor }, stands };
      }
      if (answer.outcome === 'order_closed') return { placed: { status: 'canceled' }, stands };
      throw ApplicationFailure.nonRetryable(`reserve answered ${answer.outcome}`, answer.outcome);
    },

    /**
     * Has the provider make a payment request and puts it before our wallet. Requests cost nothing until they are paid,
     * so this may be repeated; an order has one live payment at most. A price beyond the order's budget is refused.
     */
    async prepareStarPayment({ purchaseId }: { purchaseId: string }): Promise<PrepareAnswer> {
      const purchase = await mustGet(starPurchases, purchaseId);
      if (isStarPurchaseFinal(purchase.status)) return { outcome: 'order_closed' };
      const live = await moves.livePayment(purchaseId);
      if (live) return { outcome: 'prepared', ...live };
      const prepared = await withHeartbeat(() => deps.starsProvider(purchase.provider).prepare(purchase));
      await failpoint('star-purchase.after-prepare');
      if (prepared.outcome === 'refused') return refuse(deps, purchase, prepared);
      if (prepared.outcome !== 'done') throw askAgainLater(prepared);
      const { address: wallet } = await deps.payingWallet();
      const stored = await moves.preparePayment(purchaseId, { id: randomUUID(), wallet, ...prepared.value });
      await failpoint('star-purchase.after-store');
      if (stored.outcome === 'prepared') return stored;
      if (stored.outcome === 'order_closed') return { outcome: 'order_closed' };
      if (stored.outcome === 'request_taken') {
        throw ApplicationFailure.retryable('the request is paid for by another order', stored.outcome);
      }
      return { outcome: 'refused', failure: 'price_moved', detail: prepared.value.amountNano.toString() };
    },

    /** Takes back a payment that nothing was signed for; `signed` when it is too late. */
    async dropStarPayment({ purchaseId }: { purchaseId: string }): Promise<'dropped' | 'signed'> {
      return moves.dropPayment(purchaseId);
    },

    /** Captures the hold: the provider has delivered. Answers what the ledger says. */
    async deliverStarPurchase(input: {
      purchaseId: string;
      key: string;
      holdKey: string;
      cause: Cause;
    }): Promise<{ outcome: string; status: StarPurchaseStatus }> {
      await failpoint('star-purchase.before-capture');
      const answer = await moves.deliver(input);
      await failpoint('star-purchase.after-capture');
      return { outcome: answer.outcome, status: answer.status };
    },

    /** Gives the hold back and says why. Safe when nothing was held; `payment_live` while a payment forbids it. */
    async failStarPurchase(
      input: { purchaseId: string; key: string; holdKey: string; decided: boolean; cause: Cause } & StarRefusal,
    ): Promise<{ outcome: string; status: StarPurchaseStatus }> {
      await failpoint('star-purchase.before-release');
      const answer = await moves.fail(input);
      await failpoint('star-purchase.after-release');
      return { outcome: answer.outcome, status: answer.status };
    },

    /** Cancels while nothing is signed; the row's lock decides against the wallet. */
    async cancelStarPurchase(input: {
      purchaseId: string;
      key: string;
      holdKey: string;
      cause: Cause;
    }): Promise<StarPurchaseCancel> {
      await failpoint('star-purchase.before-cancel');
      const { outcome } = await moves.cancel(input);
      await failpoint('star-purchase.after-cancel');
      return { outcome };
    },

    /** Parks an order with a case for a person; the hold stays. Answers the status that stands. */
    async parkStarPurchase(input: {
      purchaseId: string;
      workflowId: string;
      evidence: object;
    }): Promise<StarPurchaseStatus> {
      const status = await moves.park(input.purchaseId, input.workflowId, input.evidence);
      await failpoint('star-purchase.after-park');
      return status;
    },

    /**
     * Closes the case of a decision that could not be carried out, and opens another with the reason, once per parking
     * (`round`). Answers the status that stands.
     */
    async parkStarPurchaseAgain(input: {
      purchaseId: string;
      workflowId: string;
      round: number;
      evidence: object;
    }): Promise<StarPurchaseStatus> {
      const { purchaseId, ...again } = input;
      return moves.parkAgain(purchaseId, again);
    },

    /** How an order stands: its status, and what operators have decided about its parking, which is `round`. */
    async readStarStanding({ purchaseId }: { purchaseId: string }): Promise<StarStanding> {
      const { decision, ...standing } = await moves.standing(purchaseId);
      return decision === undefined ? standing : { ...standing, decision };
    },

    /** Records an operator's decision; `applied` when enough operators have said the same. */
    async decideStarPurchase(input: {
      purchaseId: string;
      operatorId: string;
      decision: StarDecision;
      reason: string;
    }): Promise<StarDecided> {
      const { purchaseId, ...vote } = input;
      const outcome = await moves.decide(purchaseId, vote);
      await failpoint('star-purchase.after-decide');
      return outcome;
    },

    /**
     * Takes a parked order up again; answers the status that stands. It stays parked while the chain has not decided,
     * and when its funds are no longer held.
     */
    async resumeStarPurchase({ purchaseId }: { purchaseId: string }): Promise<StarPurchaseStatus> {
      return moves.resume(purchaseId);
    },
  };
}

/**
 * A refusal of the provider. One about our own session or account is not the order's fault: a person is told, once a
 * day, and the order asks again until its deadline.
 */
async function refuse(
  { cases }: StarPurchaseDeps,
  purchase: StarPurchase,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<PrepareAnswer> {
  if (recipientRefusals.has(code)) return { outcome: 'refused', failure: 'recipient_refused', detail: code };
  if (code !== 'login_required' && code !== 'verification_required') {
    return { outcome: 'refused', failure: 'provider_refused', detail: `${code}: ${message}` };
  }
  const day = new Date().toISOString().slice(0, 10);
  await cases.open({
    key: `provider-account/${purchase.provider}/${code}/${day}`,
    kind: 'provider_account',
    evidence: { provider: purchase.provider, code },
  });
  throw ApplicationFailure.retryable(message, code);
}

async function mustGet(purchases: StarPurchases, purchaseId: string): Promise<StarPurchase> {
  const purchase = await purchases.get(purchaseId);
  if (!purchase) throw ApplicationFailure.nonRetryable(`no star purchase ${purchaseId}`, 'order_missing');
  return purchase;
}
