/** Where Redis (or Valkey) is, in whichever of its three forms. */
export interface RedisAddress {
  readonly form: 'single' | 'sentinel' | 'cluster';
  readonly tls: boolean;
  /** One server; or the sentinels; or some nodes of the cluster. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username?: string;
  readonly password?: string;
  /** Number of the database; a cluster has only 0. */
  readonly database: number;
  /** What the sentinels call the master; with `sentinel` alone. */
  readonly masterName?: string;
}

/** What is said of an address that is none. */
export const redisAddressForms =
  'redis://host:6379/0, rediss:// for TLS, redis+sentinel://host:26379,host2/name or redis+cluster://host,host2';

const pattern = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/\s]*):([^@/\s]*)@)?([^/@\s]+)(?:\/(\S*))?$/;
const ports = { single: 6_379, sentinel: 26_379, cluster: 6_379 } as const;

/**
 * Reads an address: `redis://[user:password@]host[:port][/database]`, `redis+sentinel://…host,host/name[/database]` or
 * `redis+cluster://…host,host`; `rediss` in the place of `redis` speaks TLS. Names and passwords are percent-encoded.
 * Undefined when it is none of these.
 */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, secure, kind, username = '', password = '', hosts = '', path = ''] = found;
  const form = kind === 'sentinel' || kind === 'cluster' ? kind : 'single';
  const nodes = hosts.split(',').map((host) => readNode(host, ports[form]));
  if (nodes.includes(undefined) || (form === 'single' && nodes.length > 1)) return undefined;
  const place = readPath(form, path.replace(/\/$/, ''));
  if (place === undefined) return undefined;
  return {
    form,
    tls: secure === 's',
    nodes: nodes.flatMap((node) => node ?? []),
    ...(username === '' ? {} : { username: decode(username) }),
    ...(password === '' ? {} : { password: decode(password) }),
    ...place,
  };
}

/** What is no percent-encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function readNode(text: string, portByDefault: number): { host: string; port: number } | undefined {
  const [, host, port] = /^(\[[\da-f:]+\]|[^:]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? portByDefault : Number(port) };
}

function readPath(form: RedisAddress['form'], path: string): { database: number; masterName?: string } | undefined {
  if (form === 'cluster') return path === '' ? { database: 0 } : undefined;
  const parts = path === '' ? [] : path.split('/');
  const masterName = form === 'sentinel' ? parts.shift() : undefined;
  if (form === 'sentinel' && masterName === undefined) return undefined;
  const [database = '0', ...others] = parts;
  if (others.length > 0 || !/^\d{1,3}$/.test(database)) return undefined;
  return { database: Number(database), ...(masterName === undefined ? {} : { masterName }) };
}
