import { Router } from '@koa/router';
import { type Simulator, type SimulatorOptions, createSimulator } from '../simulator-kit.ts';
import { createChain } from './simulator/chain.ts';
import { controlRoutes } from './simulator/controls.ts';
import { type TonSimulatorSettings, createSettings } from './simulator/options.ts';
import { pageRoutes } from './simulator/page.ts';
import { v2Routes } from './simulator/v2.ts';
import { v3Routes } from './simulator/v3.ts';
import { readWallet } from './simulator/wallet-code.ts';

export interface TonSimulatorOptions extends Omit<SimulatorOptions, 'name'> {
  /** The one API key that is accepted beside none at all; absent: any. */
  readonly apiKey?: string;
  /** Balances at the very first start, nanotons by raw address. */
  readonly genesis?: Readonly<Record<string, bigint>>;
  readonly settings?: Partial<TonSimulatorSettings>;
}

const shownMax = 200;

/**
 * A TON chain of one server: blocks by its clock, V4R2 and W5 wallets with the real contracts' checks, accounts that
 * take money or send it back, the node's API under `/api/v2`, the index's under `/api/v3`, a page for a person at `/`,
 * controls under `/_sim`. Other contracts, storage fees and shards are not played.
 */
export function createTonSimulator(options: TonSimulatorOptions): Simulator {
  return createSimulator({ ...options, name: 'ton' }, (parts) => {
    const settings = createSettings(parts.store.collection('settings'), options.settings ?? {});
    const chain = createChain({ parts, settings, genesis: options.genesis ?? {} });
    const state = () => ({
      head: chain.head(),
      indexHead: chain.indexHead(),
      paused: chain.blocks.isPaused(),
      accounts: chain.accounts().map((account) => ({ ...account, seqno: readWallet(account)?.seqno ?? null })),
      messages: chain.externals().slice(0, shownMax),
      transactions: chain.transactions(chain.head()).slice(0, shownMax),
      settings: settings.now(),
    });
    const api = { chain, settings, apiKey: options.apiKey };
    const routes = new Router();
    for (const part of [v2Routes(api), v3Routes(api), pageRoutes({ chain, settings })]) routes.use(part.routes());
    return { routes, controls: controlRoutes({ chain, settings, state }), state };
  });
}
