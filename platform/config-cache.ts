import type { CacheFamily } from './cache/kinds.ts';
import type { Environment } from './config-schema.ts';
import { Secret } from './secret.ts';

export interface CacheConfig {
  /** Undefined: no level is shared. */
  readonly redisUrl: Secret | undefined;
  /** 0: nothing is kept in the memory of a process. */
  readonly localMs: number;
  readonly localEntriesMax: number;
  readonly ttlMs: Readonly<Record<CacheFamily, number>>;
}

/** How the caches are set up. */
export function buildCache(values: Environment): CacheConfig {
  return {
    redisUrl: values.REDIS_URL === undefined ? undefined : new Secret(values.REDIS_URL),
    localMs: values.CACHE_LOCAL_SECONDS * 1_000,
    localEntriesMax: values.CACHE_LOCAL_ENTRIES,
    ttlMs: {
      user: values.CACHE_TTL_USER_SECONDS * 1_000,
      price: values.CACHE_TTL_PRICE_SECONDS * 1_000,
      coin: values.CACHE_TTL_COIN_SECONDS * 1_000,
    },
  };
}
