import { createHash } from 'node:crypto';
import { Router } from '@koa/router';
import { type Simulator, type SimulatorOptions, createSimulator } from '../simulator-kit.ts';
import { apiRoutes } from './simulator/api.ts';
import { createChainWatch } from './simulator/chain-watch.ts';
import { controlRoutes } from './simulator/controls.ts';
import { stateOf, type Traffic } from './simulator/model.ts';
import { type FragmentSimulatorSettings, createSettings } from './simulator/options.ts';
import { createOrders } from './simulator/orders.ts';
import { pageRoutes } from './simulator/page.ts';
import { createSessions } from './simulator/sessions.ts';
import { siteRoutes } from './simulator/site.ts';
import { doorway } from './simulator/web.ts';

export interface FragmentSimulatorOptions extends Omit<SimulatorOptions, 'name'> {
  /** The `stel_token` of the log-in that is accepted. */
  readonly token: string;
  /** Where the API of the chain stands that payments come over (`…:8096/api`); absent: none is watched. */
  readonly tonApiUrl?: string;
  /** How often it is looked at. */
  readonly watchEveryMs?: number;
  readonly settings?: Partial<FragmentSimulatorSettings>;
}

/** The address that the simulated Fragment is paid at, raw. Nobody has its key. */
const fragmentSimulatorAddress = `0:${createHash('sha256').update('simulator of Fragment').digest('hex')}`;

const watchEveryMs = 1_000;
/** Of the orders that nobody paid; all others are always shown. */
const shownMax = 200;

/**
 * The twin of Fragment: its pages with the token in their script, the private interface behind them, the histories, a
 * page for a person at `/`, controls under `/_sim`. It delivers what is paid on the chain: who pays the same reference
 * twice is delivered twice.
 */
export function createFragmentSimulator(options: FragmentSimulatorOptions): Simulator {
  return createSimulator({ ...options, name: 'fragment' }, (parts) => {
    const settings = createSettings(parts.store.collection('settings'), options.settings ?? {});
    const sessions = createSessions({ parts, settings, token: options.token });
    const orders = createOrders({ parts, settings });
    const traffic: Traffic = { calls: 0, callsInSecondMax: 0 };
    const deps = { parts, settings, sessions, orders, address: fragmentSimulatorAddress };
    const watch = createChainWatch({
      ...deps,
      tonApiUrl: options.tonApiUrl,
      everyMs: options.watchEveryMs ?? watchEveryMs,
    });
    const state = () => ({
      address: fragmentSimulatorAddress,
      account: sessions.account(),
      sessions: sessions.list().map(({ address, hashAtMs }) => ({ address: address ?? null, hashAtMs })),
      orders: orders
        .list()
        .filter(({ payments }, index) => index < shownMax || payments.length > 0)
        .map((order) => ({ ...order, state: stateOf(order) })),
      settings: settings.now(),
      traffic,
    });
    const site = new Router();
    site.use(doorway(settings, traffic));
    for (const part of [apiRoutes(deps), siteRoutes(deps)]) site.use(part.routes());
    return {
      routes: [pageRoutes(deps), site],
      controls: controlRoutes(deps, state),
      state,
      jobs: {
        deliver({ reqId, txHash }: { reqId: string; txHash: string }) {
          const order = orders.find(reqId);
          if (order) orders.end(order, 'delivered', txHash);
        },
      },
      start: () => Promise.resolve(watch.start()),
      stop: () => watch.stop(),
    };
  });
}
