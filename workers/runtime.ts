import { DefaultLogger, type LogLevel, Runtime } from '@temporalio/worker';
import type { Logger } from '../platform/logger.ts';
import { freePort } from '../platform/ports.ts';

export interface InstalledRuntime {
  /** Temporal's own figures in Prometheus' text form. */
  readonly metrics: () => Promise<string>;
}

/** The core warns of each activity that ends after its saga has: an everyday race of ours. */
const coreLogFilter = 'ERROR';

/**
 * Sets up the SDK's core once per process, before any worker or connection: its log goes through ours, its figures are
 * served on a loopback port from which our own `/metrics` takes them.
 */
export async function installRuntime(logger: Logger): Promise<InstalledRuntime> {
  const bindAddress = `127.0.0.1:${await freePort()}`;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      logger[pinoLevel(level)](meta ? { temporal: { ...meta } } : {}, message);
    }),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: coreLogFilter, forward: {} },
      metrics: { prometheus: { bindAddress, unitSuffix: true, countersTotalSuffix: true } },
    },
  });
  return {
    metrics: async () => (await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(2_000) })).text(),
  };
}

function pinoLevel(level: LogLevel): 'debug' | 'info' | 'warn' | 'error' {
  return level === 'TRACE' ? 'debug' : (level.toLowerCase() as 'debug' | 'info' | 'warn' | 'error');
}
