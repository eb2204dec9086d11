import type { DatabasePool, DatabasePoolConnection } from 'slonik';
import { BusyError, createTurns } from '../platform/turns.ts';

type Use = (connection: DatabasePoolConnection) => Promise<unknown>;

/** What borrows a connection for one call; each is there on the connection too. */
const borrowing = new Set<string | symbol>([
  'any',
  'anyFirst',
  'exists',
  'many',
  'manyFirst',
  'maybeOne',
  'maybeOneFirst',
  'one',
  'oneFirst',
  'query',
  'stream',
  'transaction',
]);

export interface InTurnsOptions {
  readonly size: number;
  /** How long a caller waits for its turn, and then once more for the connection itself. */
  readonly waitMsMax: number;
}

/**
 * Lets no more callers into a pool than it has connections, and none wait for ever. slonik's own line has no end, and
 * who stands in it while connections break may be forgotten there. Here a caller is told `BusyError` in time, with
 * nothing sent.
 */
export function inTurns(pool: DatabasePool, options: InTurnsOptions): DatabasePool {
  const turns = createTurns({ atOnceMax: options.size, waitMsMax: options.waitMsMax });
  const isFree = () => {
    const { acquiredConnections, idleConnections, pendingConnections, pendingReleaseConnections } = pool.state();
    const taken = acquiredConnections + pendingConnections + pendingReleaseConnections;
    return idleConnections > 0 || taken < options.size;
  };
  const methods = new Map<string | symbol, unknown>([
    ['connect', (use: Use) => turns.run(() => borrow(pool, use, options.waitMsMax))],
    ['state', () => ({ ...pool.state(), waitingClients: turns.waiting() })],
  ]);
  for (const name of borrowing) {
    const direct = Reflect.get(pool, name) as (...parameters: unknown[]) => Promise<unknown>;
    methods.set(name, (...parameters: unknown[]) =>
      turns.run(() => {
        // With a connection at hand nobody has to wait for one, and the deadline would only cost time.
        if (isFree()) return direct(...parameters);
        const use: Use = (connection) => Reflect.apply(Reflect.get(connection, name), connection, parameters);
        return borrow(pool, use, options.waitMsMax);
      }),
    );
  }
  return new Proxy(pool, { get: (target, name) => methods.get(name) ?? Reflect.get(target, name) });
}

/** Uses a connection; whoever has not got one in time is let go, and a connection that comes later is handed back. */
async function borrow(pool: DatabasePool, use: Use, waitMsMax: number): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  let hasGivenUp = false;
  const timer = setTimeout(() => {
    hasGivenUp = true;
    reject(new BusyError(waitMsMax));
  }, waitMsMax);
  const used = pool.connect(async (connection) => {
    clearTimeout(timer);
    return hasGivenUp ? undefined : use(connection);
  });
  try {
    return await Promise.race([used, late]);
  } finally {
    clearTimeout(timer);
  }
}
