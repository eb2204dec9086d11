import type { DatabasePool } from 'slonik';
import { createTurns } from '../platform/turns.ts';

const borrowing = new Set<string | symbol>([
  'any',
  'anyFirst',
  'connect',
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

/**
 * Lets no more callers into a pool than it has connections. slonik's own line has no end: who waits in it waits for
 * ever, also after the connections have failed that it waits for. Here a caller is told `BusyError` in time, with
 * nothing sent.
 */
export function inTurns(
  pool: DatabasePool,
  options: { readonly size: number; readonly waitMsMax: number },
): DatabasePool {
  const turns = createTurns({ atOnceMax: options.size, waitMsMax: options.waitMsMax });
  const methods = new Map<string | symbol, unknown>();
  return new Proxy(pool, {
    get(target, name, receiver) {
      if (name === 'state') return () => ({ ...target.state(), waitingClients: turns.waiting() });
      const member: unknown = Reflect.get(target, name, receiver);
      if (!borrowing.has(name) || typeof member !== 'function') return member;
      const known = methods.get(name);
      if (known !== undefined) return known;
      const method = (...parameters: unknown[]) =>
        turns.run(() => Reflect.apply(member, target, parameters) as Promise<unknown>);
      methods.set(name, method);
      return method;
    },
  });
}
