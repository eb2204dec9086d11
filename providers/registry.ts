import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { createHttp, type Http, type HttpObservation } from './http.ts';
import { createKieClient } from './kie/client.ts';
import type { GenerationProvider, PaymentProvider } from './ports.ts';
import { createYookassa } from './yookassa/client.ts';

/** All outside systems of one process. A client that has a key talks to the real one, else to its simulator. */
export interface Providers {
  readonly payments: readonly PaymentProvider[];
  readonly generators: readonly GenerationProvider[];
  /** The ways out, for health and metrics. */
  readonly https: ReadonlyMap<string, Http>;
  /** Calls per second that an account allows, by provider; kept by the server over all workers on its task queue. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
  close(): void;
}

export interface ProvidersOptions {
  readonly config: Pick<Config, 'yookassa' | 'kie'>;
  readonly logger: Logger;
  readonly observe?: (observation: HttpObservation) => void;
}

/** Builds the clients. Adding a provider is a folder and a line here. */
export function createProviders(options: ProvidersOptions): Providers {
  const { yookassa, kie } = options.config;
  const https = new Map<string, Http>();

  function way(provider: string): Http {
    const { logger, observe } = options;
    const http = createHttp({ provider, logger, ...(observe === undefined ? {} : { observe }) });
    https.set(provider, http);
    return http;
  }

  return {
    payments: [createYookassa({ ...yookassa, logger: options.logger, http: way('yookassa') })],
    generators: [createKieClient({ ...kie, http: way('kie'), filesHttp: way('kie-files') })],
    https,
    callsPerSecond: { yookassa: yookassa.callsPerSecond, kie: kie.callsPerSecond },
    close() {
      for (const http of https.values()) http.close();
    },
  };
}
