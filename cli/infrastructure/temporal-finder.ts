import { spawn, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { RefusalError } from './refusal.ts';
import { isAlive, until } from './processes.ts';
import { tryLock } from './lock.ts';

/** The version whose behaviour was measured; its server is 1.29.1. */
export const temporalCliVersion = '1.5.1';

const goPackage = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`;

export interface FinderOptions {
  /** TEMPORAL_CLI_PATH. */
  readonly cliPath: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
  /** Default: `~/.cache/holdfast`. */
  readonly cacheFolder?: string;
}

/** The Temporal CLI cannot be had; the message lists the ways to get it. */
export class TemporalMissingError extends RefusalError {
  constructor(tried: readonly string[]) {
    super(
      [
        'Temporal is not on this machine and could not be fetched.',
        ...tried.map((line) => `  tried: ${line}`),
        'Any one of these will do:',
        '  - point TEMPORAL_ADDRESS at a running server, for example TEMPORAL_ADDRESS=127.0.0.1:7233',
        `  - put the temporal command on PATH (https://docs.temporal.io/cli, version ${temporalCliVersion} or later)`,
        '  - point TEMPORAL_CLI_PATH at such a binary',
        '  - install Go 1.23 or later: the next start builds the command by itself (about 3 minutes)',
      ].join('\n'),
    );
    this.name = 'TemporalMissingError';
  }
}

/**
 * A temporal binary: TEMPORAL_CLI_PATH, the command on PATH, the project's cache, the SDK's download, a build with Go,
 * in this order. Throws a `TemporalMissingError` when none works.
 */
export async function findTemporalCli(options: FinderOptions): Promise<string> {
  if (options.cliPath !== undefined) return given(options.cliPath);
  const onPath = whichExecutable('temporal', options.environment);
  if (onPath !== undefined) return onPath;
  const cache = options.cacheFolder ?? join(homedir(), '.cache', 'holdfast');
  const cached = join(cache, `temporal-${temporalCliVersion}`, 'temporal');
  if (isExecutable(cached)) return cached;
  return fetchOnce(cached, options);
}

/** The first executable file of this name on PATH. */
function whichExecutable(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function given(path: string): string {
  if (isExecutable(path)) return path;
  throw new TemporalMissingError([`TEMPORAL_CLI_PATH=${path}: no such executable file`]);
}

/** One process fetches, others wait for it. */
async function fetchOnce(target: string, options: FinderOptions): Promise<string> {
  const folder = join(target, '..');
  const lock = tryLock(`${folder}.lock`);
  if (!lock.held) {
    options.onProgress(`waiting for process ${lock.holderPid}, which is fetching Temporal`);
    await until(() => isExecutable(target) || !isAlive(lock.holderPid), 900_000);
    return isExecutable(target) ? target : fetchOnce(target, options);
  }
  try {
    const tried: string[] = [];
    if (isExecutable(target)) return target;
    if (await download(target, tried, options)) return target;
    if (await buildWithGo(target, tried, options)) return target;
    throw new TemporalMissingError(tried);
  } finally {
    lock.release();
  }
}

/** The SDK can only download by starting what it downloaded; the server is ended at once. */
async function download(target: string, tried: string[], options: FinderOptions): Promise<boolean> {
  const folder = halfFolder(target);
  options.onProgress(`downloading Temporal ${temporalCliVersion}`);
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const executable = { type: 'cached-download', version: `v${temporalCliVersion}`, downloadDir: folder } as const;
    const server = await TestWorkflowEnvironment.createLocal({ server: { executable } });
    await server.teardown();
    const file = readdirSync(folder).find((name) => isExecutable(join(folder, name)));
    if (file === undefined) throw new Error('nothing executable was downloaded');
    renameSync(join(folder, file), join(folder, 'temporal'));
    moveIntoPlace(folder, target);
    return true;
  } catch (error) {
    tried.push(`download: ${firstLine(error)}`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildWithGo(target: string, tried: string[], options: FinderOptions): Promise<boolean> {
  const go = whichExecutable('go', options.environment);
  if (go === undefined) {
    tried.push('build: Go is not on PATH');
    return false;
  }
  const folder = halfFolder(target);
  try {
    const problem = await runGo(go, folder, options);
    if (problem === undefined) moveIntoPlace(folder, target);
    else tried.push(`build: ${problem}`);
    return problem === undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runGo(go: string, folder: string, options: FinderOptions): Promise<string | undefined> {
  const started = performance.now();
  const tell = (): void => {
    const seconds = Math.round((performance.now() - started) / 1000);
    options.onProgress(
      `building Temporal ${temporalCliVersion} with Go, once: ${seconds} s of about 3 minutes on 2 cores`,
    );
  };
  tell();
  const ticker = setInterval(tell, 15_000);
  const environment = { ...options.environment, GOBIN: folder, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
  const child = spawn(go, ['install', goPackage], { env: environment, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearInterval(ticker);
  return code === 0 ? undefined : complaint.trim().split('\n').at(-1) || `go install ended with code ${code}`;
}

/** Work is done beside the target and renamed when whole, so that a killed build leaves nothing half. */
function halfFolder(target: string): string {
  const parent = join(target, '..', '..');
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`temporal-${temporalCliVersion}.half`))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, `temporal-${temporalCliVersion}.half-${process.pid}`);
  mkdirSync(folder);
  return folder;
}

function moveIntoPlace(folder: string, target: string): void {
  const binary = join(folder, 'temporal');
  chmodSync(binary, 0o755);
  const answer = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(`the fetched temporal does not run: ${answer.stderr}`);
  rmSync(join(target, '..'), { recursive: true, force: true });
  renameSync(folder, join(target, '..'));
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return false;
    throw error;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
