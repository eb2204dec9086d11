import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testEnvironment } from '../../support/environment.ts';
import type { Begin } from './before-worker.ts';

/** A worker process that stands ready, and may be killed. */
export interface Worker {
  /** Lets it begin; resolves when it hosts sagas, or has ended. */
  begin(told: Begin): Promise<void>;
  /** How it ended: `SIGKILL`, `0`, `1` ... */
  readonly ended: Promise<string>;
  output(): string;
  kill(): Promise<void>;
}

const preload = new URL('./before-worker.ts', import.meta.url).href;

/** Starts `holdfast worker` of a source tree up to where it would begin. */
export function prepareWorker(tree: URL, variables: Readonly<Record<string, string>>): Worker {
  const main = fileURLToPath(new URL('cli/main.ts', tree));
  const child = spawn(process.execPath, ['--import', preload, main, 'worker'], {
    env: { ...testEnvironment().variables, ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  }
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  const loaded = Promise.race([isTold(child, 'loaded'), ended]);
  const ready = Promise.race([isTold(child, 'ready'), ended]);
  return {
    ended,
    output: () => chunks.join(''),
    async begin(told) {
      await loaded;
      if (child.connected) child.send(told);
      await ready;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function isTold(child: ChildProcess, kind: string): Promise<void> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind) resolve();
    });
  });
}
