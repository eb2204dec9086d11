import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';

/** What is used of a client, whichever form it has. */
export type RedisClient = Redis | Cluster;

export interface RedisClientOptions {
  /** How long one command may take. */
  readonly deadlineMs: number;
  /** Called with what went wrong on a connection; nothing is thrown. */
  readonly onError: (error: Error) => void;
}

const connectTimeoutMs = 1_000;
const reconnectMsMax = 1_000;

/**
 * Connects, and goes on connecting for as long as the client is open. Nothing is queued for a connection that is not
 * there, and nothing is sent twice: a command fails at once instead, since a cache can be done without.
 */
export function openRedis(address: RedisAddress, options: RedisClientOptions): RedisClient {
  const client = address.form === 'cluster' ? openCluster(address, options) : openSingle(address, options);
  client.on('error', options.onError);
  return client;
}

function openSingle({ form, nodes, masterName = '', ...address }: RedisAddress, options: RedisClientOptions): Redis {
  const common = { ...connectionOptions(address, options), db: address.database, retryStrategy: reconnectAfterMs };
  const [node] = nodes;
  if (form === 'single') return new Redis({ ...common, ...node });
  return new Redis({
    ...common,
    sentinels: [...nodes],
    name: masterName,
    role: 'master',
    sentinelRetryStrategy: reconnectAfterMs,
    failoverDetector: true,
    ...(address.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    ...(address.password === undefined ? {} : { sentinelPassword: address.password }),
    ...(address.username === undefined ? {} : { sentinelUsername: address.username }),
  });
}

function openCluster({ nodes, ...address }: RedisAddress, options: RedisClientOptions): Cluster {
  const settings: ClusterOptions = {
    redisOptions: connectionOptions(address, options),
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectAfterMs,
    slotsRefreshTimeout: connectTimeoutMs,
    slotsRefreshInterval: 5_000,
    // A node that is not there is asked for twice at most; the breaker waits for the rest.
    maxRedirections: 4,
    retryDelayOnClusterDown: 20,
    retryDelayOnFailover: 20,
    retryDelayOnMoved: 0,
    lazyConnect: false,
  };
  return new Cluster([...nodes], settings);
}

function connectionOptions(
  { tls, username, password }: Pick<RedisAddress, 'tls' | 'username' | 'password'>,
  { deadlineMs }: RedisClientOptions,
): RedisOptions {
  return {
    connectionName: 'holdfast',
    disableClientInfo: true,
    commandTimeout: deadlineMs,
    connectTimeout: connectTimeoutMs,
    keepAlive: 10_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // A master that has become a replica since: its successor is looked for.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
    ...(tls ? { tls: {} } : {}),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function reconnectAfterMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), reconnectMsMax);
}
