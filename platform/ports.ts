import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

/*
 * Two starts that look at the same moment would find the same port free, and both hand it to a child that listens
 * later. So a port is claimed before it is looked at: by binding the UDP port of the same number, which the system
 * gives to one process on the machine and takes back when that process ends, however it ends.
 */
const claims = new Map<number, Socket>();

/** Below what Linux, macOS and Windows give to outgoing connections, which come and go and take any port of theirs. */
const own = { from: 20_000, to: 32_767 } as const;
const attemptsMax = 500;
const nextMax = 50;

/** Whether nobody listens on a port of the loopback address (and we may). */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that nobody has, and that nobody else is given by this until our process ends. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = own.from + Math.floor(Math.random() * (own.to - own.from + 1));
    if (!claims.has(port) && (await take(port))) return port;
  }
  throw new Error(`no free port between ${own.from} and ${own.to}`);
}

/** The wanted port, else the first free of the next fifty, else any; 0 asks for any. Ours until our process ends. */
export async function choosePort(wanted: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (wanted === 0) return freePort();
  for (let port = wanted; port < Math.min(wanted + nextMax, 65_535); port += 1) {
    if (!taken.has(port) && (await take(port))) return port;
  }
  return freePort();
}

/** Claims a port and looks whether it is free; what is not is nobody's claim. A claim of ours stands. */
async function take(port: number): Promise<boolean> {
  const mine = claims.get(port);
  const claim = mine ?? (await bind(port));
  if (claim === undefined) return false;
  const free = await isFree(port);
  if (mine === undefined && free) claims.set(port, claim);
  if (mine === undefined && !free) claim.close();
  return free;
}

function bind(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.unref();
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(socket));
  });
}
