import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import type { ApiState } from './context.ts';

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets requests under way end for `graceMs`, then closes what is left. */
  stop(graceMs: number): Promise<void>;
}

/** Takes over connections that want to be more than HTTP. */
export interface Upgrades {
  isMine(request: IncomingMessage): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly upgrades: Upgrades;
}

/** Bounds of one connection; each is longer than what a handler itself allows. */
const bounds = {
  /** A whole request, an upload over a slow line included. */
  requestTimeout: 100_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;

const headersMax = 100;

/** Puts the application behind Node's server, which refuses what is not strictly HTTP (A17). */
export async function listen(app: Koa<ApiState>, options: ListenOptions): Promise<RunningServer> {
  const { upgrades } = options;
  const handle = app.callback();
  const server = createServer(
    {
      ...bounds,
      insecureHTTPParser: false,
      requireHostHeader: true,
      shouldUpgradeCallback: (request) => upgrades.isMine(request),
    },
    (request, response) => {
      void handle(request, response);
    },
  );
  server.on('upgrade', (request, socket, head) => upgrades.upgrade(request, socket, head));
  server.maxHeadersCount = headersMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, stop: (graceMs) => stop(server, graceMs) };
}

async function stop(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
