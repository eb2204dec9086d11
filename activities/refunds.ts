import { ApplicationFailure } from '@temporalio/common';
import { isAsset } from '../core/assets.ts';
import type { Cause } from '../core/flows/flow.ts';
import { type RefundStatus, refundWorkflowId } from '../core/flows/refund.ts';
import { stepKey } from '../core/flows/flow.ts';
import { money } from '../core/money.ts';
import type { Cases } from '../db/cases.ts';
import type { Refund, Refunds } from '../db/refunds.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { PaymentProvider } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface RefundDeps {
  readonly refunds: Refunds;
  readonly cases: Cases;
  readonly paymentProvider: (name: string) => PaymentProvider;
  readonly failpoint: Failpoint;
}

/** What a refund does in the ledger and at its provider. */
export function createRefundActivities(deps: RefundDeps) {
  const { refunds, failpoint } = deps;

  return {
    /**
     * Takes back what the charge credited, once, whole or not at all: never a debt. Answers `returning`
     * when the money may go, `needs_attention` with a case when the credits are spent and nobody has forced it.
     */
    async takeBackCredit({ refundId, cause }: { refundId: string; cause: Cause }): Promise<RefundStatus> {
      await failpoint('refund.before-take-back');
      const status = await refunds.takeBack(refundId, stepKey(refundWorkflowId(refundId), 'take-back'), cause);
      await failpoint('refund.after-take-back');
      return status;
    },

    /**
     * Returns the money of a charge: a provider gives it back whole, and a repeat says that it is back already. Throws
     * `provider_unknown` (retryable) without a clear answer, and for a refusal too: a person is told once, and it is
     * asked again until it is possible. Money that the provider returned by itself is not asked for.
     */
    async returnMoney({ refundId }: { refundId: string }): Promise<void> {
      const refund = await mustGet(refunds, refundId);
      if (refund.status === 'refunded' || refund.confirmedAt !== null) return;
      if (!isAsset(refund.currency)) throw ApplicationFailure.nonRetryable('a foreign currency', 'currency_unknown');
      const request = { paymentId: refund.chargeId, amount: money(refund.amountMinor, refund.currency) };
      await failpoint('refund.before-return');
      const returned = await withHeartbeat(() =>
        deps.paymentProvider(refund.provider).refund(refundWorkflowId(refundId), request),
      );
      await failpoint('refund.after-return');
      if (returned.outcome === 'done') return;
      if (returned.outcome !== 'refused') throw askAgainLater(returned);
      await reportRefused(deps.cases, { refund, code: returned.code, message: returned.message });
      throw askAgainLater({ outcome: 'unknown', reason: returned.code });
    },

    /** Tells the person that the money is back; answers the status that stands. */
    async finishRefund({ refundId }: { refundId: string }): Promise<RefundStatus> {
      await failpoint('refund.before-finish');
      const status = await refunds.finish(refundId);
      await failpoint('refund.after-finish');
      return status;
    },
  };
}

/** The credits are taken back and the money does not go: one case per refund and reason. */
async function reportRefused(
  cases: Cases,
  { refund, code, message }: { refund: Refund; code: string; message: string },
): Promise<void> {
  const { id, provider, chargeId, topupId, userId } = refund;
  await cases.open({
    key: `refund-refused/${id}/${code}`,
    kind: 'refund_refused',
    workflowId: refundWorkflowId(id),
    ...(userId === null ? {} : { userId }),
    evidence: { provider, chargeId, topupId, code, message },
  });
}

async function mustGet(refunds: Refunds, id: string): Promise<Refund> {
  const refund = await refunds.get(id);
  if (!refund) throw ApplicationFailure.nonRetryable(`no refund ${id}`, 'order_missing');
  return refund;
}
