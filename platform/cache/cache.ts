import type { Logger } from '../logger.ts';
import type { CacheCount } from '../telemetry/cache-metrics.ts';
import { createBehindMemory } from './behind-memory.ts';
import { createFlights } from './flights.ts';
import { type CacheFamily, type CacheKind, type CacheKindName, sharedKey } from './kinds.ts';
import { createLocalLevel } from './local-level.ts';
import { guardLevel } from './shared-guard.ts';
import type { SharedLevel } from './shared-level.ts';

/**
 * What may be stale, kept near. Money is never read from it: balances, holds, frozen prices, limits and what became of
 * a payment stand in PostgreSQL, and are read there.
 */
export interface Cache {
  /**
   * The value of a key: out of this process, else out of Redis, else from its source, which many readers of one process
   * ask once. What fails on the way is counted and passed over; only the source's own error is thrown. `undefined` from
   * the source is not kept.
   */
  read<T extends object>(kind: CacheKind<T>, key: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Forgets a key here and in Redis, and lets no reading that has begun put its old value back (shop S25). */
  forget(kind: CacheKindName, key: string): Promise<void>;
  /** Whether news of changes reach this process; while not, nothing that ends by news is kept or read in memory. */
  setHearing(hears: boolean): void;
  /** Throws when Redis is set up and does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface CacheOptions {
  /** Longest stay in the memory of this process; 0 switches that level off. */
  readonly localMs: number;
  readonly localEntriesMax: number;
  readonly ttlMs: Readonly<Record<CacheFamily, number>>;
  /** Absent: the memory of the process is the only level. */
  readonly shared?: SharedLevel | undefined;
  readonly count: CacheCount;
  readonly logger: Logger;
  readonly now?: () => number;
}

/** The two levels before a source (shop S24, shop S27). */
export function createCache(options: CacheOptions): Cache {
  const { localMs, ttlMs, count, logger, now = Date.now } = options;
  const local = createLocalLevel({ entriesMax: localMs === 0 ? 0 : options.localEntriesMax, now });
  const shared = guardLevel(options.shared, { count, logger });
  const behind = createBehindMemory({ shared, ttlMs, count, now });
  const flights = createFlights();
  let hears = false;
  let hasHeard = false;

  const isKept = ({ endsBy }: Pick<CacheKind<unknown>, 'endsBy'>): boolean =>
    localMs > 0 && (endsBy === 'time' || hears);

  function readLocal<T>(kind: CacheKind<T>, key: string): T | undefined {
    if (!isKept(kind)) return undefined;
    const found = local.get(key);
    count(kind.family, 'local', found === undefined ? 'miss' : 'hit');
    return found?.value as T | undefined;
  }

  return {
    async read<T extends object>(kind: CacheKind<T>, key: string, load: () => Promise<T | undefined>) {
      const full = sharedKey(kind, key);
      const found = readLocal(kind, full);
      if (found !== undefined) return found;
      const mayKeep = isKept(kind);
      const read = await flights.join(full, async (isSpoilt) => {
        const dated = await behind.read(kind, key, { load, isSpoilt });
        // Never longer in memory than in Redis, whichever of them it was read from.
        if (dated !== undefined && mayKeep && !isSpoilt()) {
          local.set(full, dated.value, Math.min(now() + localMs, dated.at + ttlMs[kind.family]));
        }
        return dated?.value;
      });
      return read as T | undefined;
    },
    async forget(kind, key) {
      const full = sharedKey(kind, key);
      flights.spoil(full);
      local.delete(full);
      count(kind.family, 'local', 'invalidation');
      await shared.forget(kind.family, full);
    },
    setHearing(isHearing) {
      if (isHearing && !hears && hasHeard) behind.doubtWhatWas();
      hears = isHearing;
      hasHeard ||= isHearing;
      flights.spoilAll();
      local.clear();
    },
    check: () => options.shared?.ping() ?? Promise.resolve(),
    close: () => options.shared?.close() ?? Promise.resolve(),
  };
}
