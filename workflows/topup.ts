import {
  allHandlersFinished,
  CancellationScope,
  condition,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PaymentVerdict } from '../activities/payments.ts';
import type { Cause } from '../core/flows/flow.ts';
import {
  creditKey,
  type TopupEnd,
  type TopupFailure,
  type TopupInput,
  type TopupPlaced,
  type TopupStatus,
  topupWorkflowId,
} from '../core/flows/topup.ts';
import { firstAnswer } from './lib/first-answer.ts';
import { ledgerMoves, paymentCalls } from './lib/proxies.ts';
import { openReads } from './lib/reads.ts';
import { describe } from './lib/saga.ts';
import { showState } from './lib/search-attributes.ts';
import { cancelTopup, checkTopup, paymentNotified, placeTopup, topupState } from './messages/topup.ts';

/** The first look without being asked, a little after the payer's own time (1 h) is over; then ever more seldom. */
const firstLookMs = 65 * 60 * 1000;
const lookMsMax = 24 * 60 * 60 * 1000;

/**
 * One top-up: a payment is created at the provider, and credited when the provider says that it was paid. It ends only
 * when the provider says something final: money that comes after the person gave up, or after our waiting, is credited
 * all the same. Notifications, "I paid" and the deadline do one thing: they have the payment read.
 */
export async function topup(input: TopupInput): Promise<TopupEnd> {
  const order = openOrder(input);
  await CancellationScope.nonCancellable(async () => {
    await run(input, order).catch((error: unknown) => order.flag('unresolved', { reason: describe(error) }));
    order.leave();
    await condition(allHandlersFinished);
  });
  return { status: order.status };
}

type Order = ReturnType<typeof openOrder>;

async function run(input: TopupInput, order: Order): Promise<void> {
  order.show('creating', 'Creating the payment at the provider.');
  const created = await order.calls.createPayment({ topupId: input.topupId });
  if (created.outcome === 'refused') return order.refuse(created.code);

  order.show('awaiting_payment', 'Waiting for the person to pay; the provider tells us, or is asked.');
  order.placed.give({ status: 'awaiting_payment', payUrl: created.payUrl, expiresAt: created.expiresAt });

  let lookMs = firstLookMs;
  for (;;) {
    const wasAsked = await condition(() => order.reads.areAsked(), lookMs);
    const paymentId = order.reads.begin() ?? created.paymentId;
    const verdict = await order.calls.readPayment({ topupId: input.topupId, provider: input.provider, paymentId });
    const isEnd = await order.settle(paymentId, verdict, created.paymentId);
    order.reads.end();
    if (isEnd) return;
    if (wasAsked) continue;
    await order.close('expired', 'not_paid_in_time');
    lookMs = Math.min(lookMs * 2, lookMsMax);
  }
}

/** The desk of one order: what messages change and what the steps share. All handlers stand before the first await. */
function openOrder(input: TopupInput) {
  const moves = ledgerMoves();
  const workflowId = topupWorkflowId(input.topupId);
  const placed = firstAnswer<TopupPlaced>();
  const reads = openReads();
  let isLeft = false;

  const order = {
    status: 'accepted' as TopupStatus,
    calls: paymentCalls(input.provider),
    placed,
    reads,

    /** Applies what the provider said. True: this is the end. */
    async settle(paymentId: string, verdict: PaymentVerdict, ownPaymentId: string): Promise<boolean> {
      if (verdict.verdict === 'paid') return order.credit(paymentId, verdict);
      if (verdict.verdict === 'mismatch') {
        await order.flag(verdict.failure, { paymentId, ...verdict.evidence });
        return true;
      }
      if (verdict.verdict !== 'canceled' || paymentId !== ownPaymentId) return false;
      await order.close('canceled', 'payment_canceled');
      return true;
    },

    async credit(paymentId: string, paid: Extract<PaymentVerdict, { verdict: 'paid' }>): Promise<boolean> {
      const cause: Cause = {
        workflowId,
        runId: workflowInfo().runId,
        step: 'credit',
        actor: input.userId,
        provider: input.provider,
        providerRef: paymentId,
      };
      const answer = await moves.creditTopup({
        topupId: input.topupId,
        paymentId,
        key: creditKey(input.provider, paymentId),
        incomeMinor: paid.incomeMinor,
        ...(paid.receivedMinor === undefined ? {} : { receivedMinor: paid.receivedMinor }),
        eventAt: paid.paidAt,
        cause,
      });
      if (answer.outcome === 'credited') order.end('credited');
      // The money has gone back, or goes: its refund tells the person, and nothing is wrong.
      else if (answer.outcome === 'refunded' && patched('refund-overtakes-credit')) order.end(answer.status);
      else await order.flag('amount_mismatch', { paymentId, reason: answer.outcome });
      return true;
    },

    async close(to: 'canceled' | 'expired', failure: TopupFailure): Promise<void> {
      order.end(await moves.closeTopup({ topupId: input.topupId, to, failure }));
    },

    async refuse(code: string): Promise<void> {
      await order.close('canceled', 'provider_refused');
      placed.give({ status: 'canceled', failure: 'provider_refused' });
      setCurrentDetails(`The provider refused to create the payment: ${code}.`);
    },

    async flag(failure: TopupFailure, facts: object): Promise<void> {
      order.status = await moves.flagTopup({ topupId: input.topupId, failure, workflowId, facts });
      showState(order.status, true);
    },

    /** Nobody reads any more: whoever still waits is answered with what stands. */
    leave(): void {
      isLeft = true;
      placed.give({ status: 'canceled', failure: 'unresolved' });
    },

    show(status: TopupStatus, details: string): void {
      order.status = status;
      setCurrentDetails(details);
    },

    end(status: TopupStatus): void {
      order.status = status;
      showState(status);
    },
  };

  setHandler(placeTopup, () => placed.wait());
  setHandler(paymentNotified, ({ paymentId }) => {
    reads.ask(paymentId);
  });
  setHandler(topupState, () => ({ status: order.status }));
  setHandler(checkTopup, async () => {
    const paymentId = await moves.currentPayment({ topupId: input.topupId });
    if (paymentId !== null && !isLeft) {
      const isRead = reads.ask(paymentId);
      await condition(() => isRead() || isLeft);
    }
    return { status: order.status };
  });
  setHandler(cancelTopup, async () => {
    const status = await moves.closeTopup({ topupId: input.topupId, to: 'canceled', failure: 'canceled_by_user' });
    if (status !== order.status) order.end(status);
    return { status };
  });
  return order;
}
