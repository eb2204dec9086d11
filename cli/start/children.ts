import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerExit } from '../infrastructure/processes.ts';
import { RefusalError } from '../verb.ts';

/** One of our own processes: `node cli/main.ts <verb>`. */
export interface ChildOptions {
  readonly verb: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

export interface RunningPart {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
}

export const mainScript = fileURLToPath(new URL('../main.ts', import.meta.url));

const logBytesMax = 20 * 1024 * 1024;
/** Whoever ends is noticed at once: this is for a part that hangs, and a loaded machine may need minutes. */
const readyTimeoutMs = 180_000;
const stopTimeoutMs = 12_000;

/** Starts a process of our own and resolves when it says that it is ready; its lines go to `<home>/logs/<verb>.log`. */
export async function startChild(options: ChildOptions): Promise<RunningPart> {
  const child = launch(options, [options.verb]);
  const exited = exitOf(child);
  const outcome = await Promise.race([ready(child), exited.then(() => 'ended' as const), timeout(readyTimeoutMs)]);
  if (outcome === 'ready') return { pid: child.pid ?? 0, exited, stop: () => stop(child, exited) };
  child.kill('SIGKILL');
  throw new RefusalError(`${options.verb} did not start (${outcome}); its last lines:\n${logTail(options)}`);
}

/** Runs a process of our own to its end. */
export async function runChild(options: ChildOptions, parameters: readonly string[] = []): Promise<void> {
  const { code } = await exitOf(launch(options, [options.verb, ...parameters]));
  if (code !== 0) throw new RefusalError(`${options.verb} failed; its last lines:\n${logTail(options)}`);
}

function launch(options: ChildOptions, parameters: readonly string[]): ChildProcess {
  const log = openLog(logPath(options));
  const child = spawn(process.execPath, [mainScript, ...parameters], {
    env: options.environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

function ready(child: ChildProcess): Promise<'ready'> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready')
        resolve('ready');
    });
  });
}

function exitOf(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function stop(child: ChildProcess, exited: Promise<ServerExit>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}

function timeout(ms: number): Promise<'timeout'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('timeout'), ms).unref();
  });
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > logBytesMax) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

function logPath({ home, verb }: ChildOptions): string {
  return join(home, 'logs', `${verb}.log`);
}

function logTail(options: ChildOptions): string {
  return readFileSync(logPath(options), 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
