import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { choosePort } from '../../platform/ports.ts';
import { endProcess, type GuardedServer, startGuarded } from './processes.ts';
import { RefusalError } from './refusal.ts';

/** What operators search sagas by. AmountMinor is a keyword because an Int would become a floating number. */
export const searchAttributes = {
  OrderId: 'Keyword',
  UserId: 'Keyword',
  Provider: 'Keyword',
  SagaState: 'Keyword',
  AmountMinor: 'Keyword',
  Asset: 'Keyword',
  Attention: 'Bool',
} as const;

export interface TemporalOptions {
  readonly cliPath: string;
  readonly home: string;
  readonly namespace?: string;
  /** 0 for any; taken ports move. */
  readonly port: number;
  readonly uiPort: number | 'none';
  readonly environment: NodeJS.ProcessEnv;
  /** Only for tests: the server keeps nothing on disk. */
  readonly inMemory?: boolean;
}

export interface TemporalServer extends GuardedServer {
  readonly address: string;
  readonly port: number;
  readonly uiUrl: string | undefined;
  readonly uiPort: number | undefined;
}

/**
 * Starts a Temporal dev server on the loopback address and waits until its namespace answers. The two poll rates undo a
 * brake of the dev server: with one shard it would look for work 20 times a second only, 50 ms a hop. One partition a
 * queue: of four, one may hold a task while all polls of a new worker wait at the others, up to a minute after a kill.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const home = resolve(options.home);
  mkdirSync(home, { recursive: true });
  await endOrphanTemporal(home);
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch(home, options);
    const state = await waitUntilReady(server, options.namespace ?? 'default');
    if (state === 'ready') return server;
    await server.stop();
    if (attempt === 3) throw new RefusalError(`Temporal did not start (${state}); its last lines:\n${logTail(home)}`);
  }
}

async function launch(home: string, options: TemporalOptions): Promise<TemporalServer> {
  const port = await choosePort(options.port);
  const uiPort = options.uiPort === 'none' ? undefined : await choosePort(options.uiPort, new Set([port]));
  const server = startGuarded({
    command: options.cliPath,
    arguments: serverArguments(home, options, { port, uiPort }),
    environment: options.environment,
    logPath: logPath(home),
    pidPath: pidPath(home),
  });
  return {
    ...server,
    stop: async (timeoutMs) => {
      await server.stop(timeoutMs);
      rmSync(pidPath(home), { force: true });
    },
    address: `127.0.0.1:${port}`,
    port,
    uiPort,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
  };
}

function serverArguments(
  home: string,
  options: TemporalOptions,
  ports: { port: number; uiPort: number | undefined },
): string[] {
  const settings = [
    'history.transferProcessorMaxPollRPS=1000',
    'history.timerProcessorMaxPollRPS=1000',
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
  ];
  const pragmas = ['journal_mode=wal', 'synchronous=normal'];
  const file = ['--db-filename', databasePath(home), ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma])];
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(ports.port),
    ...(ports.uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(ports.uiPort)]),
    '--namespace',
    options.namespace ?? 'default',
    '--log-level',
    'error',
    ...settings.flatMap((setting) => ['--dynamic-config-value', setting]),
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...(options.inMemory ? [] : file),
  ];
}

async function waitUntilReady(server: TemporalServer, namespace: string): Promise<'ready' | 'ended' | 'timeout'> {
  let gone = false;
  void server.exited.then(() => (gone = true));
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if (gone) return 'ended';
    if (await temporalAnswers(server.address, namespace)) return 'ready';
    await new Promise((next) => setTimeout(next, 100));
  }
  return 'timeout';
}

/** Whether a server is there, its namespace known and our search attributes registered. */
export async function temporalAnswers(address: string, namespace: string): Promise<boolean> {
  const connection = Connection.lazy({ address, connectTimeout: '2s' });
  try {
    await connection.withDeadline(Date.now() + 2_000, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.keys(searchAttributes).filter((name) => customAttributes?.[name] === undefined);
      if (missing.length > 0) throw new Error(`not registered yet: ${missing.join(', ')}`);
    });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  } finally {
    await connection.close();
  }
}

/** A server whose guard and parent were killed may still hold the database file; the caller holds the home's lock. */
async function endOrphanTemporal(home: string): Promise<void> {
  if (!existsSync(pidPath(home))) return;
  const pid = Number(readFileSync(pidPath(home), 'utf8'));
  if (pid > 1) await endProcess(pid, { shows: 'server start-dev', polite: 'SIGINT' });
  rmSync(pidPath(home), { force: true });
}

function pidPath(home: string): string {
  return join(home, 'temporal.pid');
}

function databasePath(home: string): string {
  return join(home, 'temporal.db');
}

function logPath(home: string): string {
  return join(home, 'temporal.log');
}

function logTail(home: string): string {
  return readFileSync(logPath(home), 'utf8').split('\n').slice(-15).join('\n');
}
