import { createServer } from 'node:net';

/** Whether nobody listens on a port of the loopback address (and we may). */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that is free at this moment, chosen by the system. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The wanted port, else the first free one of the next fifty, else any; 0 asks for any. */
export async function choosePort(wanted: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (wanted === 0) return freePort();
  for (let port = wanted; port < Math.min(wanted + 50, 65_535); port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  return freePort();
}
