import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/*
 * Loaded before `cli/main.ts worker` (`node --import`): it has all of a worker in memory and waits to be told to begin,
 * so that the next worker stands ready when one is killed. What begins then is the real command, as it is.
 */

/** What a waiting worker is told: to begin, and how far its clock is ahead. */
export interface Begin {
  readonly clockAheadMs: number;
}

async function waitToBegin(mainPath: string): Promise<void> {
  const main = pathToFileURL(mainPath);
  await Promise.all(['./worker.ts', '../workers/main.ts'].map((path) => import(new URL(path, main).href)));
  // Whoever started it is gone: nobody would kill it any more.
  process.once('disconnect', () => process.exit(1));
  const told = once(process, 'message');
  process.send?.({ kind: 'loaded' });
  const [{ clockAheadMs }] = (await told) as [Begin];
  if (clockAheadMs === 0) return;
  const now = Date.now.bind(Date);
  Date.now = () => now() + clockAheadMs;
}

// The threads of a worker load this as well.
if (isMainThread) await waitToBegin(process.argv[1] ?? '');
