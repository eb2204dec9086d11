import type { z } from 'zod';

/** The families of cached values. Each has a key space, a time to live and figures of its own. */
export const cacheFamilies = ['user', 'price', 'coin'] as const;
export type CacheFamily = (typeof cacheFamilies)[number];

/** One sort of value that may be stale, as its owner declares it. */
export interface CacheKind<T> {
  readonly family: CacheFamily;
  /** Unique within its family. */
  readonly name: string;
  /** Raised when the form of the value changes: what another version has left is not even looked at. */
  readonly version: number;
  /** Proves what comes out of the shared level; what does not fit is a miss. The value must survive JSON. */
  readonly schema: z.ZodType<T>;
  /**
   * `news`: whoever changes the source says so, and a process that cannot hear keeps nothing of it in memory. `time`:
   * nobody says anything, and only the time to live ends it.
   */
  readonly endsBy: 'news' | 'time';
}

/** What names a kind to whoever only forgets. */
export type CacheKindName = Pick<CacheKind<unknown>, 'family' | 'name' | 'version'>;

/**
 * The key in the shared level. The braces are the hash tag of a Redis Cluster: all keys of a family lie in one slot,
 * and so on one master (shop S43).
 */
export function sharedKey({ family, name, version }: CacheKindName, key: string): string {
  return `holdfast:{${family}}:${name}:v${version}:${key}`;
}
