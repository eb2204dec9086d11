import type { Command } from 'commander';
import { runApi } from '../api/main.ts';
import { loadCatalogue, sellable } from '../platform/catalogue.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { announceReady, createLifecycle } from '../platform/lifecycle.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { knownProviders } from '../providers/names.ts';
import { createHttp } from '../providers/http.ts';
import { createTon } from '../providers/registry.ts';
import { createWalletWatch } from '../providers/ton/wallet-watch.ts';
import { examples } from './verb.ts';

/** How long `/readyz` says 503 in production before connections are refused: a balancer's next look. */
const productionDrainMs = 3_000;

export function registerApi(program: Command): void {
  program
    .command('api')
    .description('Serves the HTTP API, the webhooks and the files. Several may run side by side.')
    .addHelpText('after', examples('holdfast api', 'PORT=8081 METRICS_PORT=9465 holdfast api'))
    .action(async () => {
      const config = loadConfig();
      const logger = createLogger({ name: 'api', ...config.log });
      const lifecycle = createLifecycle({ logger, timeoutMs: 20_000 });
      const catalogue = sellable(await loadCatalogue(config.cataloguePath, knownProviders), config);
      const drainMs = config.mode === 'production' ? productionDrainMs : 0;
      const api = await runApi({ config, logger, catalogue, drainMs, walletWatch: watchWallet(config, logger) });
      lifecycle.onShutdown('api', () => api.stop());
      announceReady({ url: api.url, metrics: api.metricsUrl });
      await lifecycle.ended;
    });
}

/** The panel's look at the wallet: the API itself speaks to no chain and holds no way out. */
function watchWallet(config: Config, logger: Logger) {
  const { chain, wallet } = createTon(config.ton, (provider, rules) => createHttp({ provider, logger, ...rules }));
  return createWalletWatch({ chain, wallet, logger, now: () => new Date() });
}
