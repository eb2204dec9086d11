import type { Command } from 'commander';
import { loadConfig } from '../platform/config.ts';
import { announceReady, createLifecycle } from '../platform/lifecycle.ts';
import { createLogger } from '../platform/logger.ts';
import { installRuntime, startWorker } from '../workers/main.ts';
import { shutdown } from '../workers/queues.ts';
import { examples } from './verb.ts';

export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('Hosts the sagas: workflows, activities of all queues, and the pumps. Several may run side by side.')
    .addHelpText('after', examples('holdfast worker'))
    .action(async () => {
      const config = loadConfig();
      const logger = createLogger({ name: 'worker', ...config.log });
      const lifecycle = createLifecycle({ logger, timeoutMs: shutdown.forceMs + 5_000 });
      installRuntime(logger);
      const worker = await startWorker({ config, logger });
      lifecycle.onShutdown('worker', () => worker.stop());
      announceReady();
      await worker.ended;
    });
}
