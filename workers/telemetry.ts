import { readMoneyFigures } from '../db/figures.ts';
import type { DatabasePool } from '../db/pool.ts';
import { createMoneyMetrics, type MoneyMetrics } from '../platform/telemetry/money-metrics.ts';
import { createRegistry, type MetricsServer, startMetricsServer, watchFigure } from '../platform/telemetry/registry.ts';
import type { InstalledRuntime } from './runtime.ts';

export interface WorkerTelemetry {
  readonly money: MoneyMetrics;
  /** Serves our figures with Temporal's beside them, on a port that is never public. */
  serve(runtime: InstalledRuntime, address: { host: string; port: number }): Promise<MetricsServer>;
}

/** The figures of one worker process. */
export function createWorkerTelemetry(pool: DatabasePool): WorkerTelemetry {
  const registry = createRegistry('worker');
  watchFigure(registry, {
    name: 'holdfast_pool_waiting',
    help: 'Callers that wait for a connection of the main pool',
    read: () => pool.state().waitingClients,
  });
  const money = createMoneyMetrics(registry, async () => ({ ...(await readMoneyFigures(pool)) }));
  return { money, serve: (runtime, address) => startMetricsServer(registry, address, runtime.metrics) };
}
