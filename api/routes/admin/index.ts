import { readBreakers } from '../../../db/breakers.ts';
import { createCases } from '../../../db/cases.ts';
import { createOperatorActions } from '../../../db/operator-actions.ts';
import { readOperatorOrders } from '../../../db/operator-orders.ts';
import { readOrderStory } from '../../../db/order-story.ts';
import { createFragmentSessions } from '../../../db/fragment-sessions.ts';
import { countOpenCases, readPanelHealth } from '../../../db/panel-figures.ts';
import type { DatabasePool } from '../../../db/pool.ts';
import type { Profiles } from '../../../db/profiles.ts';
import { createStarVotes } from '../../../db/star-decisions.ts';
import { createStarPurchases } from '../../../db/star-purchases.ts';
import type { Gateway } from '../../../gateway/gateway.ts';
import type { Config } from '../../../platform/config.ts';
import type { Route } from '../../route.ts';
import { providersOf } from '../../components.ts';
import type { Readiness } from '../health.ts';
import { caseRoutes } from './cases.ts';
import { operatorOrderRoutes } from './orders.ts';
import { overviewRoutes, type WalletWatch } from './overview.ts';

interface AdminDeps {
  readonly config: Config;
  readonly pool: DatabasePool;
  readonly profiles: Pick<Profiles, 'read'>;
  readonly gateway: Pick<Gateway, 'decideStarPurchase'>;
  readonly readiness: Readiness['parts'];
  readonly walletWatch?: WalletWatch;
}

/** All calls of the operator panel. They read with the application's own rights, never with the owner's. */
export function adminRoutes({ config, pool, profiles, gateway, readiness, walletWatch }: AdminDeps): Route[] {
  const orders = (filter: Parameters<typeof readOperatorOrders>[1]) => readOperatorOrders(pool, filter);
  return [
    ...overviewRoutes({
      actions: createOperatorActions(pool),
      profiles,
      countOpenCases: () => countOpenCases(pool),
      health: () => readPanelHealth(pool),
      readiness,
      providers: providersOf(config),
      readBreakers: () => readBreakers(pool),
      readEndedLogIns: () => createFragmentSessions(pool).endedLogIns(),
      walletWatch,
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
