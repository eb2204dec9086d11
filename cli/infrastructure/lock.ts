import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, processStart } from './processes.ts';

/** Who holds a lock: the process id, and when that process began, since ids are used again. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

export type LockResult =
  { readonly held: true; release(): void } | { readonly held: false; readonly holderPid: number };

/**
 * Takes a lock file that holds the owner's process id. A lock left by a dead process is taken over. The file appears
 * with its content (written aside, then linked), so that nobody ever reads half of it.
 */
export function tryLock(path: string): LockResult {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  const me: Holder = { pid: process.pid, startedAt: processStart(process.pid) };
  writeFileSync(aside, JSON.stringify(me));
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (linkIfAbsent(aside, path)) return { held: true, release: () => rmSync(path, { force: true }) };
      const holder = readHolder(path);
      if (holder && isHolderAlive(holder)) return { held: false, holderPid: holder.pid };
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(aside, { force: true });
  }
  throw new Error(`the lock ${path} changes hands too fast`);
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isHolderAlive(holder: Holder): boolean {
  return isAlive(holder.pid) && processStart(holder.pid) === holder.startedAt;
}
