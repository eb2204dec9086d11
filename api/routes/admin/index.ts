import { createCases } from '../../../db/cases.ts';
import { createOperatorActions } from '../../../db/operator-actions.ts';
import { readOperatorOrders } from '../../../db/operator-orders.ts';
import { readOrderStory } from '../../../db/order-story.ts';
import { countOpenCases, readPanelHealth } from '../../../db/panel-figures.ts';
import type { DatabasePool } from '../../../db/pool.ts';
import { createStarVotes } from '../../../db/star-decisions.ts';
import { createStarPurchases } from '../../../db/star-purchases.ts';
import type { Gateway } from '../../../gateway/gateway.ts';
import type { Config } from '../../../platform/config.ts';
import type { Route } from '../../route.ts';
import type { Readiness } from '../health.ts';
import { caseRoutes } from './cases.ts';
import { operatorOrderRoutes } from './orders.ts';
import { overviewRoutes } from './overview.ts';

interface AdminDeps {
  readonly config: Config;
  readonly pool: DatabasePool;
  readonly gateway: Pick<Gateway, 'decideStarPurchase'>;
  readonly readiness: Readiness['parts'];
}

/** All calls of the operator panel. They read with the application's own rights, never with the owner's. */
export function adminRoutes({ config, pool, gateway, readiness }: AdminDeps): Route[] {
  const orders = (filter: Parameters<typeof readOperatorOrders>[1]) => readOperatorOrders(pool, filter);
  return [
    ...overviewRoutes({
      actions: createOperatorActions(pool),
      countOpenCases: () => countOpenCases(pool),
      health: () => readPanelHealth(pool),
      readiness,
      providers: simulatedOf(config),
      workflowsUrl: workflowsUrlOf(config),
    }),
    ...caseRoutes({
      cases: createCases(pool),
      starVotes: createStarVotes(pool),
      starPurchases: createStarPurchases(pool),
      orders,
      gateway,
    }),
    ...operatorOrderRoutes({ orders, story: (id) => readOrderStory(pool, id) }),
  ];
}

function workflowsUrlOf({ temporal: { uiUrl, namespace } }: Config): string | null {
  return uiUrl === undefined ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/`;
}

/** Every outside system that a simulator may stand in for, by the name of its configuration. */
function simulatedOf(config: Config): Record<string, boolean> {
  const parts = Object.entries(config).flatMap(([name, part]: [string, unknown]): [string, boolean][] => {
    if (typeof part !== 'object' || part === null || !('simulated' in part)) return [];
    return [[name, part.simulated === true]];
  });
  return Object.fromEntries(parts);
}
