import { Gauge } from 'prom-client';
import { readMoneyFigures } from '../db/figures.ts';
import type { DatabasePool } from '../db/pool.ts';
import { createMoneyMetrics, type MoneyMetrics } from '../platform/telemetry/money-metrics.ts';
import {
  createRegistry,
  type MetricsServer,
  type Registry,
  startMetricsServer,
  watchFigure,
} from '../platform/telemetry/registry.ts';
import type { Providers } from '../providers/registry.ts';
import type { InstalledRuntime } from './runtime.ts';

export interface WorkerTelemetry {
  readonly registry: Registry;
  readonly money: MoneyMetrics;
  /** Shows whose circuit breaker is not closed. */
  watchProviders(ways: Providers['https']): void;
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
  return {
    registry,
    money,
    watchProviders: (ways) => watchBreakers(registry, ways),
    serve: (runtime, address) => startMetricsServer(registry, address, runtime.metrics),
  };
}

function watchBreakers(registry: Registry, ways: Providers['https']): void {
  new Gauge({
    name: 'holdfast_provider_breaker_open',
    help: 'Providers that are not asked now because they failed too often: 1, else 0',
    labelNames: ['provider'],
    registers: [registry],
    collect() {
      for (const [provider, http] of ways) this.set({ provider }, http.state() === 'closed' ? 0 : 1);
    },
  });
}
