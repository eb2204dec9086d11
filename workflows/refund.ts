import { CancellationScope, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Cause } from '../core/flows/flow.ts';
import type { RefundEnd, RefundInput, RefundStatus } from '../core/flows/refund.ts';
import { ledgerMoves, refundCalls } from './lib/proxies.ts';
import { showState } from './lib/search-attributes.ts';
import { refundAsked } from './messages/refund.ts';

/**
 * One refund: what the charge credited is taken back first, then the money returns, and is asked for until the provider
 * confirms it. Spent credits stop it before a person; it begins anew when it is asked for again.
 */
export async function refund(input: RefundInput): Promise<RefundEnd> {
  let isAsked = true;
  setHandler(refundAsked, () => {
    isAsked = true;
  });
  let status = 'accepted' as RefundStatus;
  await CancellationScope.nonCancellable(async () => {
    while (isAsked && status !== 'refunded') {
      isAsked = false;
      status = await run(input);
    }
  });
  showState(status, status === 'needs_attention');
  return { status };
}

async function run({ refundId, provider }: RefundInput): Promise<RefundStatus> {
  const moves = ledgerMoves();
  const { workflowId, runId } = workflowInfo();
  const cause: Cause = { workflowId, runId, step: 'take-back', actor: 'system', provider };
  setCurrentDetails('Taking back what was given for the money.');
  const taken = await moves.takeBackCredit({ refundId, cause });
  if (taken !== 'returning') return taken;
  setCurrentDetails('Returning the money; the provider is asked until it confirms.');
  await refundCalls(provider).returnMoney({ refundId });
  return moves.finishRefund({ refundId });
}
