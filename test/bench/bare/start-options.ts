import { WithStartWorkflowOperation } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { searchAttributes } from '../../../workflows/messages/search-attributes.ts';
import { type BareOrder, bareQueues, bareWorkflowId } from './messages.ts';

/** Starts as the product's gateway does: the same policies, summary and search attributes. */
export function bareStart(
  flow: 'generation' | 'topup',
  order: BareOrder,
): WithStartWorkflowOperation<(order: BareOrder) => Promise<unknown>> {
  return new WithStartWorkflowOperation(flow === 'generation' ? 'bareGeneration' : 'bareTopup', {
    taskQueue: bareQueues.flows,
    workflowId: bareWorkflowId(flow, order.id),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowTaskTimeout: '10s',
    args: [order],
    staticSummary: `${order.amountMinor} by ${order.provider}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.orderId, value: order.id },
      { key: searchAttributes.userId, value: order.userId },
      { key: searchAttributes.provider, value: order.provider },
      { key: searchAttributes.sagaState, value: 'accepted' },
      { key: searchAttributes.amountMinor, value: order.amountMinor },
      { key: searchAttributes.asset, value: 'CREDIT' },
    ]),
  });
}
