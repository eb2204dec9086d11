import type { Logger } from '../logger.ts';
import type { CacheCount } from '../telemetry/cache-metrics.ts';
import type { CacheFamily } from './kinds.ts';
import type { SharedAnswer, SharedLevel } from './shared-level.ts';

/** The shared level as the cache uses it: what fails is counted, and is no more than a miss. */
export interface GuardedLevel {
  get(family: CacheFamily, key: string): Promise<SharedAnswer | undefined>;
  fill(family: CacheFamily, key: string, filling: Parameters<SharedLevel['fill']>[1]): Promise<void>;
  release(family: CacheFamily, key: string, lease: string): Promise<void>;
  forget(family: CacheFamily, key: string): Promise<void>;
}

/** Keeps the failures of Redis from whoever reads. Without Redis nothing is there, and nothing is counted. */
export function guardLevel(
  shared: SharedLevel | undefined,
  { count, logger }: { readonly count: CacheCount; readonly logger: Logger },
): GuardedLevel {
  async function safely<T>(family: CacheFamily, work: (level: SharedLevel) => Promise<T>): Promise<T | undefined> {
    if (shared === undefined) return undefined;
    try {
      return await work(shared);
    } catch (error) {
      count(family, 'shared', 'error');
      logger.debug({ err: error, family }, 'the cache in Redis could not be used');
      return undefined;
    }
  }

  return {
    async get(family, key) {
      const answer = await safely(family, (level) => level.get(key));
      if (answer !== undefined && answer.kind !== 'kept') count(family, 'shared', 'miss');
      return answer;
    },
    fill: (family, key, filling) => safely(family, (level) => level.fill(key, filling)),
    release: (family, key, lease) => safely(family, (level) => level.release(key, lease)),
    async forget(family, key) {
      if (shared !== undefined) count(family, 'shared', 'invalidation');
      await safely(family, (level) => level.forget(key));
    },
  };
}
