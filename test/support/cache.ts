import { z } from 'zod';
import { type Cache, type CacheOptions, createCache } from '../../platform/cache/cache.ts';
import type { CacheKind } from '../../platform/cache/kinds.ts';
import { openSharedLevel, type SharedLevel } from '../../platform/cache/shared-level.ts';
import { silent } from './log.ts';

export interface Word {
  readonly word: string;
}

/** A kind of value whose changes are told of. */
export const words: CacheKind<Word> = {
  family: 'user',
  name: 'word',
  version: 1,
  schema: z.object({ word: z.string() }),
  endsBy: 'news',
};

/** A cache as one process would have it, with what it counts. */
export interface TestCache extends Cache {
  /** `local hit`, `shared miss` ... and how often, in the order of their first time. */
  counted(): Readonly<Record<string, number>>;
  readonly shared: SharedLevel | undefined;
}

export const ttlMs = { user: 1_800_000, price: 900_000, coin: 900_000 };

/** Opens one that hears, over the Redis of this address. */
export async function openTestCache(url?: string, options: Partial<CacheOptions> = {}): Promise<TestCache> {
  const counts: Record<string, number> = {};
  const shared = url === undefined ? undefined : await openSharedLevel({ url, logger: silent });
  const cache = createCache({
    localMs: 300_000,
    localEntriesMax: 100,
    ttlMs,
    shared,
    logger: silent,
    count: (_family, level, event) => (counts[`${level} ${event}`] = (counts[`${level} ${event}`] ?? 0) + 1),
    ...options,
  });
  cache.setHearing(true);
  return { ...cache, shared, counted: () => ({ ...counts }) };
}

/** A source that says one word, which can be changed, and knows how often it was asked. */
export function createSource(word: string) {
  const source = {
    word,
    asked: 0,
    load: (): Promise<Word> => {
      source.asked += 1;
      return Promise.resolve({ word: source.word });
    },
  };
  return source;
}

/** A source that reads at once and answers when it is let. */
export function createSlowSource(word: string) {
  const { promise: asked, resolve: wasAsked } = Promise.withResolvers<void>();
  const { promise: answer, resolve } = Promise.withResolvers<Word>();
  return {
    asked,
    answer: () => resolve({ word }),
    load(): Promise<Word> {
      wasAsked();
      return answer;
    },
  };
}
