import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type GuardedServer, startGuarded } from '../../cli/infrastructure/processes.ts';
import { freePort } from '../../platform/ports.ts';
import { eventually } from './eventually.ts';

export type RedisProgram =
  { readonly outcome: 'found'; readonly path: string } | { readonly outcome: 'missing'; readonly reason: string };

const installTimeoutMs = 180_000;

/**
 * A real Redis or Valkey: of the machine, else out of Debian's package of its tools, which holds the server's program
 * without a service that would be started. Where neither can be had it says why, and its tests are skipped with that.
 */
export function findRedis(): RedisProgram {
  for (const name of ['redis-server', 'valkey-server']) {
    const path = pathOf(name);
    if (path !== undefined) return { outcome: 'found', path };
  }
  const problem = pathOf('redis-check-rdb') === undefined ? installTools() : undefined;
  const tools = pathOf('redis-check-rdb');
  if (problem !== undefined || tools === undefined) {
    return { outcome: 'missing', reason: problem ?? 'the package redis-tools has no program of the server' };
  }
  // One program with several names: it is the server under this one.
  const link = join(homedir(), '.cache', 'holdfast', 'redis-server');
  mkdirSync(join(link, '..'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(tools, link);
  return { outcome: 'found', path: link };
}

function pathOf(name: string): string | undefined {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

function installTools(): string | undefined {
  if (process.getuid?.() !== 0 || pathOf('apt-get') === undefined) {
    return 'Redis or Valkey is not here, and only root with apt-get can install it (package redis-server)';
  }
  const install = (): boolean => aptGet('install', '-y', '--no-install-recommends', 'redis-tools');
  if (install() || (aptGet('update') && install())) return undefined;
  return 'the package redis-tools could not be installed';
}

function aptGet(...parameters: string[]): boolean {
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync('apt-get', parameters, { stdio: 'ignore', timeout: installTimeoutMs, env: environment }).status === 0
  );
}

const configFile = (folder: string): string => join(folder, 'sentinel.conf');

/** One server of Redis, which can be stopped and started again, with its data where it writes any. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A client for looking and for setting the scene. */
  readonly client: Redis;
  start(): Promise<void>;
  /** Ends it, at once. */
  stop(): Promise<void>;
  /** Lets it stand still with its connections open; `go` lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Ends it for good and removes what it wrote. */
  remove(): Promise<void>;
}

export interface TestRedisOptions {
  readonly program: string;
  readonly flags?: readonly string[];
  /** A configuration file's text, which a sentinel needs and rewrites. */
  readonly sentinelConfig?: string;
}

/** Starts a server on a port of the loopback address and waits until it answers. */
export async function startRedis({ program, flags = [], sentinelConfig }: TestRedisOptions): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-redis-'));
  const pidPath = join(folder, 'pid');
  let server: GuardedServer | undefined;
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const parameters =
    sentinelConfig === undefined ? [...common, '--save', '', ...flags] : [configFile(folder), '--sentinel', ...common];
  if (sentinelConfig !== undefined) writeFileSync(configFile(folder), sentinelConfig);

  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    async start() {
      server = startGuarded({
        command: program,
        arguments: parameters,
        environment: { PATH: '/usr/bin:/bin' },
        logPath: join(folder, 'log'),
        pidPath,
      });
      if (client.status === 'wait') await client.connect().catch(() => undefined);
      await eventually(async () => (await client.ping()) === 'PONG');
    },
    async stop() {
      redis.thaw();
      await server?.stop();
      server = undefined;
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async remove() {
      client.disconnect();
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };

  function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (server !== undefined && existsSync(pidPath)) process.kill(Number(readFileSync(pidPath, 'utf8')), name);
  }

  await redis.start();
  return redis;
}
