import { getExternalWorkflowHandle, log, workflowInfo } from '@temporalio/workflow';
import type { Cause } from '../core/flows/flow.ts';
import { type SettleEnd, type SettleInput, settleWorkflowId } from '../core/flows/settle.ts';
import { creditKey, topupWorkflowId } from '../core/flows/topup.ts';
import { keepLatePictures } from './lib/late-pictures.ts';
import { ledgerMoves, paymentCalls } from './lib/proxies.ts';
import { describe } from './lib/saga.ts';
import { paymentNotified } from './messages/topup.ts';

/**
 * A payment whose notification found no running top-up: the provider is read again and what it says is applied under
 * the payment's own key, so that a credit that has been given is not given twice.
 */
export async function settlePayment({ provider, reference }: SettleInput): Promise<SettleEnd> {
  const moves = ledgerMoves();
  const workflowId = settleWorkflowId(provider, reference);
  const found = await paymentCalls(provider).findTopupOfPayment({ provider, paymentId: reference });
  if (found.topupId === null) return { outcome: found.reason };

  const { topupId, userId } = found;
  const verdict = await paymentCalls(provider).readPayment({ topupId, provider, paymentId: reference });
  if (verdict.verdict === 'mismatch') {
    const facts = { paymentId: reference, ...verdict.evidence };
    return { outcome: await moves.flagTopup({ topupId, failure: verdict.failure, workflowId, facts }) };
  }
  if (verdict.verdict === 'canceled' && (await moves.currentPayment({ topupId })) === reference) {
    return { outcome: await moves.closeTopup({ topupId, to: 'canceled', failure: 'payment_canceled' }) };
  }
  if (verdict.verdict !== 'paid') return { outcome: verdict.verdict };

  const cause: Cause = {
    workflowId,
    runId: workflowInfo().runId,
    step: 'credit',
    actor: userId,
    provider,
    providerRef: reference,
  };
  const credited = await moves.creditTopup({
    topupId,
    paymentId: reference,
    key: creditKey(provider, reference),
    incomeMinor: verdict.incomeMinor,
    ...(verdict.receivedMinor === undefined ? {} : { receivedMinor: verdict.receivedMinor }),
    eventAt: verdict.paidAt,
    cause,
  });
  await wakeTopup(topupId, reference);
  return { outcome: credited.outcome };
}

/** Pictures that came after their order was over: they are kept and shown, and nothing is charged. */
export async function settleGeneration({ reference }: SettleInput): Promise<SettleEnd> {
  const found = await ledgerMoves().findGenerationOfAttempt({ attemptId: reference });
  if (found === null) return { outcome: 'unknown_attempt' };
  return keepLatePictures(found.generationId);
}

/** The top-up may be waiting under a payment that it does not know yet; if it is gone, that is well. */
async function wakeTopup(topupId: string, paymentId: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(topupWorkflowId(topupId)).signal(paymentNotified, { paymentId });
  } catch (error) {
    log.info('the top-up is closed', { reason: describe(error) });
  }
}
