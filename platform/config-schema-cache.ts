import { z } from 'zod';
import { parseRedisAddress, redisAddressForms } from './cache/redis-address.ts';
import { count, variable } from './config-rules.ts';

const group = 'Caches';

/** The variables of the caches (shop S24, shop S26, shop S44). */
export const cache = {
  REDIS_URL: variable(
    z
      .string()
      .refine((text) => parseRedisAddress(text) !== undefined, redisAddressForms)
      .optional(),
    {
      group,
      about: `Redis or Valkey, a cache that processes share: ${redisAddressForms}. Without it each has its own.`,
      example: 'redis://cache.example.org:6379/0',
      secret: true,
    },
  ),
  CACHE_LOCAL_SECONDS: variable(count(0, 300).default(300), {
    group,
    about: 'Longest stay of such a value in the memory of a process; 0 switches that level off.',
    example: '300',
  }),
  CACHE_LOCAL_ENTRIES: variable(count(1, 1_000_000).default(10_000), {
    group,
    about: 'Values that a process keeps in memory at most.',
    example: '10000',
  }),
  CACHE_TTL_USER_SECONDS: variable(count(1, 86_400).default(1_800), {
    group,
    about: 'How long names and languages of people may be kept; a change ends it sooner.',
    example: '1800',
  }),
  CACHE_TTL_PRICE_SECONDS: variable(count(1, 86_400).default(900), {
    group,
    about: 'How long guide prices of Stars may be shown; what is charged is always asked for anew.',
    example: '900',
  }),
  CACHE_TTL_COIN_SECONDS: variable(count(1, 86_400).default(900), {
    group,
    about: 'How long the coins on offer for a top-up may be shown; the provider has the last word with each invoice.',
    example: '900',
  }),
};
