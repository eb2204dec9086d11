import type { CacheConfig } from '../config-cache.ts';
import type { Logger } from '../logger.ts';
import { createCacheMetrics } from '../telemetry/cache-metrics.ts';
import type { Registry } from '../telemetry/registry.ts';
import { type Cache, createCache } from './cache.ts';
import { openSharedLevel } from './shared-level.ts';

export interface OpenCacheOptions {
  readonly config: CacheConfig;
  /** Absent: nothing is counted. */
  readonly registry?: Registry | undefined;
  readonly logger: Logger;
}

/** The cache of one process, as it is set up. A Redis that is away delays this by half a second, and no more. */
export async function openCache({ config, registry, logger }: OpenCacheOptions): Promise<Cache> {
  const url = config.redisUrl?.reveal();
  const shared = url === undefined ? undefined : await openSharedLevel({ url, logger });
  const count = registry === undefined ? () => {} : createCacheMetrics(registry);
  return createCache({ ...config, shared, count, logger });
}

/** Asks the Redis of a configuration once, on a connection of its own; throws when it does not answer. */
export async function checkRedis(url: string, logger: Logger): Promise<void> {
  const shared = await openSharedLevel({ url, logger });
  try {
    await shared.ping();
  } finally {
    await shared.close();
  }
}
