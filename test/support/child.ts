import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mainScript } from '../../cli/start/children.ts';
import { testEnvironment } from './environment.ts';

/** A process of ours that a test may kill. */
export interface Child {
  readonly pid: number;
  /** Where an API listens. */
  readonly url: string;
  /** How it ended: `SIGKILL`, `0`, `1` ... */
  readonly ended: Promise<string>;
  readonly output: () => string;
  /** Sends a signal; nothing happens when it has ended. */
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
}

const readyTimeoutMs = 30_000;

/** Starts `holdfast <verb>` and resolves when it says that it is ready, or has ended before. */
export async function startChildProcess(verb: string, environment: Readonly<Record<string, string>>): Promise<Child> {
  const child = spawn(process.execPath, [mainScript, verb], {
    env: { ...testEnvironment().variables, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  const said = await Promise.race([ready(child), ended.then(() => undefined), timeout(() => chunks.join(''))]);
  return {
    pid: child.pid ?? 0,
    url: said?.url ?? '',
    ended,
    output: () => chunks.join(''),
    signal: (name) => child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function ready(child: ChildProcess): Promise<{ url?: string }> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready') {
        resolve('url' in message && typeof message.url === 'string' ? { url: message.url } : {});
      }
    });
  });
}

function timeout(output: () => string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the process did not become ready:\n${output()}`)), readyTimeoutMs).unref();
  });
}
