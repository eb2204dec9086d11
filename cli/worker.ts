import type { Command } from 'commander';
import { loadConfig } from '../platform/config.ts';
import { announceReady, createLifecycle } from '../platform/lifecycle.ts';
import { createLogger } from '../platform/logger.ts';
import { startWorker } from '../workers/main.ts';
import { shutdown } from '../workers/queues.ts';
import { installRuntime } from '../workers/runtime.ts';
import { createWorkerTelemetry, type WorkerTelemetry } from '../workers/telemetry.ts';
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
      const runtime = await installRuntime(logger);
      let telemetry: WorkerTelemetry | undefined;
      const worker = await startWorker({
        config,
        logger,
        telemetry: (pool) => (telemetry = createWorkerTelemetry(pool)),
      });
      const metrics = await telemetry?.serve(runtime, { host: config.api.host, port: config.metricsPort });
      lifecycle.onShutdown('metrics', () => metrics?.stop());
      lifecycle.onShutdown('worker', () => worker.stop());
      announceReady();
      await worker.ended;
    });
}
