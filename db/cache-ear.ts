import type { Cache } from '../platform/cache/cache.ts';
import { openCache, type OpenCacheOptions } from '../platform/cache/open-cache.ts';
import type { CacheKindName } from '../platform/cache/kinds.ts';
import type { Logger } from '../platform/logger.ts';
import { type Listener, startListener } from './listener.ts';
import { profileKind } from './profiles.ts';

/** Where the database tells of changes to what is cached: the name of a kind, a slash, and the key. */
const channel = 'cache_news';

const kinds: ReadonlyMap<string, CacheKindName> = new Map([[profileKind.name, profileKind]]);

export interface CacheEarOptions {
  readonly databaseUrl: string;
  readonly cache: Pick<Cache, 'forget' | 'setHearing'>;
  readonly logger: Logger;
}

/** The cache of one process with its ear; closing it closes both. */
export async function openHearingCache(options: OpenCacheOptions & { readonly databaseUrl: string }): Promise<Cache> {
  const cache = await openCache(options);
  const ear = startCacheEar({ ...options, cache });
  return {
    ...cache,
    async close() {
      await ear.stop();
      await cache.close();
    },
  };
}

/**
 * Forgets here what has changed anywhere (shop S25). The news come from PostgreSQL, whether there is a Redis or not,
 * with the commit of the change: they are lost neither by a crash between the two nor with Redis. While the ear is
 * closed, nothing is kept in memory that news would end.
 */
export function startCacheEar({ databaseUrl, cache, logger }: CacheEarOptions): Listener {
  return startListener({
    url: databaseUrl,
    channel,
    applicationName: 'holdfast-cache-ear',
    logger,
    heard(news) {
      const [name = '', key = ''] = news.split('/', 2);
      const kind = kinds.get(name);
      if (kind !== undefined) void cache.forget(kind, key);
    },
    opened: () => cache.setHearing(true),
    closed: () => cache.setHearing(false),
  });
}
