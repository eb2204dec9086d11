import { mayDecideAbout } from '../../../core/access.ts';
import * as contracts from '../../../core/http/admin.ts';
import type { Case, Cases } from '../../../db/cases.ts';
import { type OperatorOrder, type OrderFilter, orderFlows } from '../../../db/operator-orders.ts';
import type { StarVotes } from '../../../db/star-decisions.ts';
import type { StarPurchase, StarPurchases } from '../../../db/star-purchases.ts';
import type { Gateway } from '../../../gateway/gateway.ts';
import type { Person } from '../../context.ts';
import { readNumberCursor, writeNumberCursor } from '../../cursor.ts';
import { Problem } from '../../problem.ts';
import { type Route, route } from '../../route.ts';
import { orderIdOf, showCase, showOrder } from './show.ts';

export interface CaseRouteDeps {
  readonly cases: Pick<Cases, 'get' | 'list' | 'close'>;
  readonly starVotes: StarVotes;
  readonly starPurchases: Pick<StarPurchases, 'get'>;
  readonly orders: (filter: OrderFilter) => Promise<readonly OperatorOrder[]>;
  readonly gateway: Pick<Gateway, 'decideStarPurchase'>;
}

const pageSize = 30;
const parkedStars = 'star_purchase_parked';

/** What waits for a person: seeing it, deciding it, closing it. */
export function caseRoutes(deps: CaseRouteDeps): Route[] {
  const { cases } = deps;
  return [
    route(contracts.listCases, async ({ query }) => {
      const { state = 'open', kind, cursor, limit = pageSize } = query;
      const beforeId = readNumberCursor(cursor);
      const found = await cases.list({
        state,
        limit: limit + 1,
        ...(kind === undefined ? {} : { kind }),
        ...(beforeId === undefined ? {} : { beforeId }),
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? writeNumberCursor(last.id) : null;
      return { body: { items: shown.map(showCase), nextCursor } };
    }),

    route(contracts.readCase, async ({ params, person }) => {
      const found = await mustGet(cases, params.id);
      const [order, decision] = await Promise.all([orderOf(deps, found), decisionOf(deps, found, person)]);
      return { body: { case: showCase(found), order: order === undefined ? null : showOrder(order), decision } };
    }),

    route(contracts.decideCase, async ({ params, body, person }) => {
      const found = await mustGet(cases, params.id);
      const purchase = await parkedPurchase(deps, found);
      // A card that has grown stale on somebody's screen decides nothing.
      if (purchase === null || found.closedAt !== null) return { body: { outcome: 'not_parked' as const } };
      const decided = await deps.gateway.decideStarPurchase(purchase.id, { operatorId: person.id, ...body });
      if (decided.outcome === 'not_found' || decided.outcome === 'temporarily_unavailable') {
        throw new Problem(decided.outcome);
      }
      return { body: { outcome: decided.outcome } };
    }),

    route(contracts.closeCase, async ({ params, body, person }) => {
      const found = await mustGet(cases, params.id);
      const purchase = await parkedPurchase(deps, found);
      if (found.closedAt === null && purchase?.status === 'needs_attention') {
        return { body: { outcome: 'needs_decision' as const } };
      }
      const isClosed = await cases.close(found.id, { operatorId: person.id, reason: body.reason });
      return { body: { outcome: isClosed ? ('closed' as const) : ('already_closed' as const) } };
    }),
  ];
}

async function mustGet(cases: Pick<Cases, 'get'>, id: string): Promise<Case> {
  const found = await cases.get(BigInt(id));
  if (found === null) throw new Problem('not_found');
  return found;
}

/** The order that a case is about. Buyers choose their orders' ids, so that one id may be an order in each flow. */
async function orderOf({ orders }: CaseRouteDeps, { workflowId }: Case): Promise<OperatorOrder | undefined> {
  const id = orderIdOf(workflowId);
  const found = id === null ? [] : await orders({ id, state: 'all', limit: orderFlows.length });
  return found.find((order) => order.workflowId === workflowId);
}

async function parkedPurchase({ starPurchases }: CaseRouteDeps, found: Case): Promise<StarPurchase | null> {
  const id = orderIdOf(found.workflowId);
  return found.kind === parkedStars && id !== null ? starPurchases.get(id) : null;
}

async function decisionOf(deps: CaseRouteDeps, found: Case, person: Person) {
  const purchase = await parkedPurchase(deps, found);
  if (purchase === null || found.closedAt !== null) return null;
  const [votes, canStillPay] = await Promise.all([
    deps.starVotes.list(purchase.id),
    deps.starVotes.canStillPay(purchase.id),
  ]);
  return {
    needsTwo: purchase.needsTwo,
    canStillPay,
    mayDecide: mayDecideAbout({ isOwn: purchase.userId === person.id }, person.roles),
    votes: votes.map(({ operatorId, operatorName, ...vote }) => ({
      ...vote,
      operator: operatorName,
      isMine: operatorId === person.id,
    })),
  };
}
