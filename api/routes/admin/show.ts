import type { z } from 'zod';
import type * as contracts from '../../../core/http/admin.ts';
import type { Case } from '../../../db/cases.ts';
import type { OperatorOrder } from '../../../db/operator-orders.ts';
import { starTitle } from '../../star-titles.ts';

/** A case as answers show it. */
export function showCase(found: Case): z.input<(typeof contracts.readCase)['answer']>['case'] {
  const { id, kind, firstName, username, workflowId, ...rest } = found;
  return {
    ...rest,
    id: String(id),
    kind,
    workflowId,
    person: firstName === null ? null : { firstName, username },
    orderId: orderIdOf(workflowId),
  };
}

/** An order of any flow as answers show it. */
export function showOrder(found: OperatorOrder): z.input<(typeof contracts.listOrders)['answer']>['items'][number] {
  const { flow, id, stars, status, amountMinor, asset, firstName, username, workflowId, createdAt } = found;
  return {
    flow,
    id,
    title: found.title ?? (stars === null ? '' : starTitle(stars)),
    stars,
    status,
    price: amountMinor === null || asset === null ? null : { amountMinor, asset },
    person: firstName === null ? null : { firstName, username },
    workflowId,
    createdAt,
  };
}

/** The order that a case's workflow is about, where it has one. */
export function orderIdOf(workflowId: string | null): string | null {
  return /^(?:topup|generation|refund|star-purchase)\/([0-9a-f-]{36})$/.exec(workflowId ?? '')?.[1] ?? null;
}
