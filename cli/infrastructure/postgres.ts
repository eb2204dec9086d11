import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { provisionDatabase } from '../../db/provision.ts';
import { choosePort } from '../../platform/ports.ts';
import { makePrivateFolder, postgresFolders, type PostgresFolders } from './postgres-folders.ts';
import { postgresUser, type SystemUser } from './postgres-user.ts';
import { endProcess, type GuardedServer, isAlive, startGuarded } from './processes.ts';
import { RefusalError } from './refusal.ts';

export interface PostgresOptions {
  /** The state folder; the cluster stands under it where the server's user can reach it. */
  readonly home: string;
  /** 0 for any; a taken port moves. */
  readonly port: number;
  /** Only for tests: nothing is forced to disk, since a test survives no power cut anyway. */
  readonly unsafe?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface PostgresServer extends GuardedServer {
  readonly port: number;
  readonly adminUrl: string;
  /** The owner of the database `holdfast`. */
  readonly ownerUrl: string;
  /** The login of the application in the same database; the migrations make it a member of `holdfast_app`. */
  readonly applicationUrl: string;
  readonly folders: PostgresFolders;
}

/** What belongs to one cluster and lies in the home: without it, the data is another home's and starts anew. */
interface Cluster {
  readonly id: string;
  readonly adminPassword: string;
  readonly ownerPassword: string;
  readonly applicationPassword: string;
}

interface Place {
  readonly folders: PostgresFolders;
  readonly user: SystemUser | undefined;
  readonly cluster: Cluster;
  readonly home: string;
}

/**
 * Starts PostgreSQL of our own on the loopback address and makes the roles and the database. Mends what a killed run
 * left: a server still running on this data is ended, a stale postmaster.pid removed, half an initdb thrown away.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const home = resolve(options.home);
  mkdirSync(home, { recursive: true });
  const user = postgresUser();
  const place: Place = { home, user, folders: postgresFolders(home, user), cluster: readCluster(home) };
  await endOrphan(place.folders.data);
  if (!belongsToCluster(place)) {
    options.onProgress?.('making a new database');
    initialise(place);
  }
  return launch(place, options);
}

/** Removes a cluster that stands still, wherever it stands. Only for tests. */
export function removePostgres(server: PostgresServer): void {
  rmSync(server.folders.data, { recursive: true, force: true });
}

async function launch(place: Place, options: PostgresOptions): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort(options.port);
    const server = run(place, port, options.unsafe ?? false);
    const adminUrl = url(place, 'postgres', port);
    const state = await waitUntilReady(server, adminUrl);
    if (state === 'ready') {
      await provision(place, adminUrl);
      const [ownerUrl, applicationUrl] = [url(place, 'holdfast', port), url(place, 'holdfast_service', port)];
      return { ...server, port, adminUrl, ownerUrl, applicationUrl, folders: place.folders };
    }
    if (attempt === 3)
      throw new RefusalError(`PostgreSQL did not start (${state}); its last lines:\n${logTail(place)}`);
  }
}

function run(place: Place, port: number, unsafe: boolean): GuardedServer {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '192MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    ...(unsafe ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startGuarded({
    command: binary(place, 'postgres'),
    arguments: ['-D', place.folders.data, '-p', String(port), ...flags],
    environment: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    logPath: logPath(place),
    user: place.user,
  });
}

async function waitUntilReady(server: GuardedServer, adminUrl: string): Promise<'ready' | 'ended' | 'timeout'> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let gone = false;
  void server.exited.then(() => {
    gone = true;
    end();
  });
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    if (gone) return 'ended';
    if (await answers(adminUrl)) return 'ready';
    await Promise.race([ended, new Promise((next) => setTimeout(next, 50))]);
  }
  await server.stop();
  return 'timeout';
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  const connected = await client.connect().then(
    () => true,
    () => false,
  );
  await client.end();
  return connected;
}

function provision(place: Place, adminUrl: string): Promise<void> {
  const { ownerPassword, applicationPassword } = place.cluster;
  return provisionDatabase({
    adminUrl,
    database: 'holdfast',
    owner: { name: 'holdfast', password: ownerPassword },
    application: { name: 'holdfast_service', password: applicationPassword },
  });
}

function url(place: Place, role: 'postgres' | 'holdfast' | 'holdfast_service', port: number): string {
  const { adminPassword, ownerPassword, applicationPassword } = place.cluster;
  const password = { postgres: adminPassword, holdfast: ownerPassword, holdfast_service: applicationPassword }[role];
  const database = role === 'postgres' ? 'postgres' : 'holdfast';
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/** A server whose parent was killed may still run on this data. The caller holds the home's lock, so it is nobody's. */
async function endOrphan(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid)) await endProcess(pid, { shows: data, polite: 'SIGINT' });
  rmSync(pidFile, { force: true });
}

/** Makes the cluster aside and renames it when it is whole, so that a killed initdb leaves nothing half. */
function initialise(place: Place): void {
  const { data } = place.folders;
  const half = `${data}.half`;
  rmSync(half, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(dirname(data), { recursive: true });
  makePrivateFolder(half, place.user);
  const passwordFile = join(half, 'password');
  writeFileSync(passwordFile, place.cluster.adminPassword, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  const cluster = join(half, 'cluster');
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const identity = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const made = spawnSync(binary(place, 'initdb'), ['-D', cluster, '--no-sync', ...locale, ...identity], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    ...(place.user ? { uid: place.user.uid, gid: place.user.gid } : {}),
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? ''}${made.stdout}${made.stderr}`);
  writeFileSync(join(cluster, 'holdfast.id'), place.cluster.id);
  renameSync(cluster, data);
  rmSync(half, { recursive: true, force: true });
}

function belongsToCluster(place: Place): boolean {
  const path = join(place.folders.data, 'holdfast.id');
  return existsSync(path) && readFileSync(path, 'utf8') === place.cluster.id;
}

function readCluster(home: string): Cluster {
  const path = join(home, 'postgres.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Cluster;
  const cluster: Cluster = {
    id: randomBytes(8).toString('hex'),
    adminPassword: randomBytes(18).toString('hex'),
    ownerPassword: randomBytes(18).toString('hex'),
    applicationPassword: randomBytes(18).toString('hex'),
  };
  writeFileSync(`${path}.half`, JSON.stringify(cluster), { mode: 0o600 });
  renameSync(`${path}.half`, path);
  return cluster;
}

function binary(place: Place, name: 'postgres' | 'initdb'): string {
  return join(place.folders.binaries, 'bin', name);
}

function logPath(place: Place): string {
  return join(place.home, 'postgres.log');
}

function logTail(place: Place): string {
  return readFileSync(logPath(place), 'utf8').split('\n').slice(-15).join('\n');
}
