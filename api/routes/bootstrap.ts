import { modulesFor } from '../../core/access.ts';
import { bootstrap } from '../../core/http/bootstrap.ts';
import type { Catalogue } from '../../core/pricing/catalogue.ts';
import type { Generations } from '../../db/generations.ts';
import type { Profiles } from '../../db/profiles.ts';
import type { StarPurchases } from '../../db/star-purchases.ts';
import type { Topups } from '../../db/topups.ts';
import type { LedgerReads } from '../../ledger/reads.ts';
import { type Route, route } from '../route.ts';
import { showHolding, userOf } from './account.ts';
import { showCatalogue } from './catalogue.ts';
import { type GenerationRouteDeps, showGeneration } from './generations.ts';
import { showStarPurchase } from './star-purchases.ts';
import { showTopup } from './topups.ts';

interface BootstrapDeps {
  readonly ledger: Pick<LedgerReads, 'holdings'>;
  readonly profiles: Pick<Profiles, 'read'>;
  readonly catalogue: Catalogue;
  readonly generations: Pick<Generations, 'find' | 'findRequest' | 'list' | 'queuePosition' | 'results'>;
  readonly topups: Pick<Topups, 'list'>;
  readonly starPurchases: Pick<StarPurchases, 'list'>;
  readonly fileUrl: GenerationRouteDeps['fileUrl'];
}

const recentGenerations = 8;
const recentTopups = 3;
const recentStarPurchases = 3;

/** What the Mini App begins with: one answer instead of five. */
export function bootstrapRoutes(deps: BootstrapDeps): Route[] {
  const catalogue = showCatalogue(deps.catalogue);
  return [
    route(bootstrap, async ({ person }) => {
      const [user, holdings, generations, topups, starPurchases] = await Promise.all([
        userOf(deps, person),
        deps.ledger.holdings(person.id),
        deps.generations.list({ userId: person.id, limit: recentGenerations }),
        deps.topups.list({ userId: person.id, limit: recentTopups }),
        deps.starPurchases.list({ userId: person.id, limit: recentStarPurchases }),
      ]);
      const body = {
        user,
        wallets: holdings.map(showHolding),
        modules: modulesFor(person.roles, deps.catalogue),
        catalogue,
        generations: await Promise.all(generations.map((generation) => showGeneration(deps, generation))),
        topups: topups.map(showTopup),
        starPurchases: starPurchases.map(showStarPurchase),
      };
      return { body };
    }),
  ];
}
