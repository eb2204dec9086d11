import { Counter, type Registry } from 'prom-client';
import type { CacheFamily } from '../cache/kinds.ts';

/** `local`: in the memory of the process; `shared`: Redis; `source`: what is cached. */
export type CacheLevel = 'local' | 'shared' | 'source';

/** What happened at a level of a cache. */
export type CacheEvent = 'hit' | 'miss' | 'error' | 'invalidation';

export type CacheCount = (family: CacheFamily, level: CacheLevel, event: CacheEvent) => void;

/** The figures of the caches (shop S23). No label is ever a key. */
export function createCacheMetrics(registry: Registry): CacheCount {
  const counter = (name: string, help: string): Counter<'family' | 'level'> =>
    new Counter({ name, help, labelNames: ['family', 'level'], registers: [registry] });
  const counters: Readonly<Record<CacheEvent, Counter<'family' | 'level'>>> = {
    hit: counter('holdfast_cache_hits_total', 'Reads that a level of a cache, or the source itself, answered'),
    miss: counter('holdfast_cache_misses_total', 'Reads that a level of a cache could not answer'),
    error: counter(
      'holdfast_cache_errors_total',
      'Calls to a level that failed, came too late or gave what is no value',
    ),
    invalidation: counter('holdfast_cache_invalidations_total', 'Values that were forgotten because they changed'),
  };
  return (family, level, event) => counters[event].inc({ family, level });
}
