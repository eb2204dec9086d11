import { randomUUID } from 'node:crypto';
import { inTime } from '../in-time.ts';
import type { Logger } from '../logger.ts';
import { createPatience } from './patience.ts';
import { parseRedisAddress } from './redis-address.ts';
import { openRedis, type RedisClient } from './redis-client.ts';

/**
 * What the shared level says of a key. `lease`: nothing is there, and this reader may put it there under the lease.
 * `closed`: nothing is there, and another one has the lease; or the key may not be believed just now.
 */
export type SharedAnswer =
  | { readonly kind: 'kept'; readonly text: string }
  | { readonly kind: 'lease'; readonly lease: string }
  | { kind: 'closed' };

/**
 * The second level: values in Redis, for all processes. Every call may throw (`SharedLevelError` and what the client
 * throws), soon; what it throws is no more than a miss.
 */
export interface SharedLevel {
  get(key: string): Promise<SharedAnswer>;
  /** Puts a value where the lease still lies; nothing happens where the key was forgotten since. */
  fill(key: string, filling: { readonly lease: string; readonly text: string; readonly ttlMs: number }): Promise<void>;
  /** Gives a lease back without a value. */
  release(key: string, lease: string): Promise<void>;
  /**
   * Removes a key, with any lease on it. One that cannot be removed now is not believed by this process until it is,
   * which is tried again as soon as Redis answers.
   */
  forget(key: string): Promise<void>;
  /** Throws when Redis does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface SharedLevelOptions {
  readonly url: string;
  readonly logger: Logger;
  /** How long one call may take. */
  readonly deadlineMs?: number;
}

/** Far beyond an answer of a Redis that is well, far below what a person notices. */
const defaultDeadlineMs = 100;
/** Failures in a row after which Redis is left alone, and for how long: one call in that time then asks again. */
const failuresMax = 3;
const pauseMs = 1_000;
/** Longer than any source may take to answer. */
const leaseMs = 45_000;
const startPatienceMs = 500;
/** Keys that could not be removed, remembered at most. */
const unremovedMax = 10_000;

const leaseMark = 'L:';
const valueMark = 'V:';

/** Answers what is there; leaves the lease where nothing is. One script, so that no two readers get it. */
const getScript = `
local kept = redis.call('GET', KEYS[1])
if kept then return kept end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

/** Puts the value, or nothing, in the place of the lease, if it is still that lease. */
const fillScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/** Opens the shared level; resolves when Redis has answered, or has been waited for long enough. */
export async function openSharedLevel(options: SharedLevelOptions): Promise<SharedLevel> {
  const { logger, deadlineMs = defaultDeadlineMs } = options;
  const address = parseRedisAddress(options.url);
  if (!address) throw new Error('REDIS_URL is no address of Redis');
  const patience = createPatience({
    failuresMax,
    pauseMs,
    lost: () => logger.warn('the cache in Redis does not answer and is left alone for a while'),
    regained() {
      logger.info('the cache in Redis answers again');
      removeAll();
    },
  });
  const client = openRedis(address, {
    deadlineMs,
    onError: (error) => logger.debug({ err: error }, 'a connection of the cache'),
  });
  /** The client's own deadline is of one command; on its way through a cluster a call may need several. */
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    patience.with(() => inTime(work(), deadlineMs, () => new Error('Redis was too slow')));
  const unremoved = createUnremoved(logger);
  const removeAll = (): void => unremoved.removeAll((key) => client.del(key));
  client.on('ready', removeAll);
  await firstAnswer(client);
  if (client.status !== 'ready') logger.warn('the cache in Redis does not answer yet');

  return {
    async get(key) {
      if (unremoved.has(key)) return { kind: 'closed' };
      const lease = leaseMark + randomUUID();
      const found = String(await call(() => client.eval(getScript, 1, key, lease, leaseMs)));
      if (found === lease) return { kind: 'lease', lease };
      // A key that was forgotten while the answer was on its way.
      if (found.startsWith(leaseMark) || unremoved.has(key)) return { kind: 'closed' };
      return { kind: 'kept', text: found.replace(valueMark, '') };
    },
    async fill(key, { lease, text, ttlMs }) {
      await call(() => client.eval(fillScript, 1, key, lease, valueMark + text, ttlMs));
    },
    async release(key, lease) {
      await call(() => client.eval(fillScript, 1, key, lease, '', 0));
    },
    forget: (key) => unremoved.remove(key, () => call(() => client.del(key))),
    async ping() {
      if (client.status !== 'ready') throw new Error(`the connection to Redis is ${client.status}`);
      await client.ping();
    },
    close: () => closeClient(client),
  };
}

/** The keys whose removal is wanted and not confirmed. */
function createUnremoved(logger: Logger) {
  const wanted = new Map<string, object>();

  async function removeOne(key: string, remove: () => Promise<unknown>): Promise<void> {
    // A later wish for the same key stands in this place, and is not fulfilled by this one.
    const wish = {};
    wanted.delete(key);
    wanted.set(key, wish);
    const [oldest] = wanted.keys();
    if (wanted.size > unremovedMax && oldest !== undefined) {
      logger.warn('more keys than can be remembered could not be removed from Redis; they end by their time');
      wanted.delete(oldest);
    }
    await remove();
    if (wanted.get(key) === wish) wanted.delete(key);
  }

  return {
    has: (key: string) => wanted.has(key),
    remove: removeOne,
    /** Tries what could not be removed once more; what fails again waits for the next time. */
    removeAll(remove: (key: string) => Promise<unknown>): void {
      for (const key of [...wanted.keys()]) {
        removeOne(key, () => remove(key)).catch((error: unknown) =>
          logger.debug({ err: error }, 'a key could not be removed'),
        );
      }
    },
  };
}

/** Waits until the first connection stands, or a moment: a start does not hang on a cache. */
async function firstAnswer(client: RedisClient): Promise<void> {
  if (client.status === 'ready') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, startPatienceMs);
  client.once('ready', resolve);
  await promise;
  clearTimeout(timer);
  client.off('ready', resolve);
}

async function closeClient(client: RedisClient): Promise<void> {
  if (client.status === 'end') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  client.once('end', resolve);
  client.disconnect();
  await Promise.race([promise, new Promise((late) => setTimeout(late, startPatienceMs).unref())]);
}
