import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  readonly name: string;
  /** The script and its parameters. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Folder of the log. */
  readonly home: string;
  readonly nodeOptions?: readonly string[];
}

export interface Child {
  readonly pid: number;
  /** What the process told with its readiness. */
  readonly details: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const readyTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;

/** The script that runs the verbs of the product. */
export const mainScript = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** The script of a process that only the benches have. */
export function benchScript(name: string): string {
  return fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));
}

/** Starts a process and waits until it says that it is ready. It ends with us, since it follows our channel. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = launch(options);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${options.name} was not ready in time`)), readyTimeoutMs);
  try {
    const gone = exited.then(() => Promise.reject(new Error(`${options.name} ended early:\n${logTail(options)}`)));
    const details = await Promise.race([ready(child), gone, late]);
    return { pid: child.pid ?? 0, details, stop: () => stop(child, exited) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function launch(options: ChildOptions): ChildProcess {
  mkdirSync(options.home, { recursive: true });
  const log = openSync(logPath(options), 'a');
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), ...options.command], {
    env: options.environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

function ready(child: ChildProcess): Promise<Child['details']> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      const isReady = typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
      if (isReady) resolve(message as unknown as Child['details']);
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await exited;
  clearTimeout(timer);
}

function logPath({ home, name }: ChildOptions): string {
  return join(home, `${name}.log`);
}

function logTail(options: ChildOptions): string {
  return readFileSync(logPath(options), 'utf8').split('\n').slice(-12).join('\n');
}
