import type { Command } from 'commander';
import { loadConfig } from '../platform/config.ts';
import { announceReady, createLifecycle } from '../platform/lifecycle.ts';
import { createLogger } from '../platform/logger.ts';
import { startSimulators } from '../providers/simulators.ts';
import { openOrderDesk } from './order-desk.ts';
import { examples } from './verb.ts';

export function registerSimulators(program: Command): void {
  program
    .command('simulators')
    .description('Plays the providers that have no key, each on its own origin (embedded mode only).')
    .addHelpText('after', examples('holdfast simulators'))
    .action(async () => {
      const config = loadConfig();
      const logger = createLogger({ name: 'simulators', ...config.log });
      const lifecycle = createLifecycle({ logger });
      const orderDesk = openOrderDesk(config, logger);
      lifecycle.onShutdown('order desk', () => orderDesk.close());
      const simulators = await startSimulators({ config, logger, orderDesk });
      lifecycle.onShutdown('simulators', () => simulators.stop());
      announceReady();
    });
}
