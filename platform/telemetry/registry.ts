import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export type { Registry } from 'prom-client';

/** A registry of one process with Node's own figures (memory, event loop, garbage collection). */
export function createRegistry(processName: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: processName });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export interface WatchedFigure {
  readonly name: string;
  readonly help: string;
  /** Read at each scrape. A failure leaves the figure out; the scrape stands. */
  readonly read: () => Promise<number> | number;
}

/** A figure that is asked for when somebody looks. */
export function watchFigure(registry: Registry, figure: WatchedFigure): void {
  const gauge = new Gauge({
    name: figure.name,
    help: figure.help,
    registers: [],
    async collect() {
      try {
        this.set(await figure.read());
      } catch (error) {
        this.reset();
        if (!(error instanceof Error)) throw error;
      }
    },
  });
  registry.registerMetric(gauge);
}

export interface MetricsServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves `/metrics` on a port of its own, which is never the public one. `beside`: figures of others, as their text.
 */
export async function startMetricsServer(
  registry: Registry,
  address: { readonly host: string; readonly port: number },
  beside: () => Promise<string> = () => Promise.resolve(''),
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    Promise.all([registry.metrics(), beside()]).then(
      (texts) => response.writeHead(200, { 'content-type': registry.contentType }).end(texts.join('\n')),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await listen(server, address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `http://${address.host}:${port}/metrics`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
