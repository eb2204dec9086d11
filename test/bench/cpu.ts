import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import type { CpuReading } from './load.ts';

/** Processes by what they are counted as; each stands for itself and all that it started. */
export type CpuGroups = Readonly<Record<string, readonly number[]>>;

interface Usage {
  readonly parent: number;
  /** Its own time and that of the children that it has buried. */
  readonly ms: number;
}

/** Linux counts in hundredths of a second (USER_HZ), whatever the kernel's own clock is. */
const msPerTick = 10;

/** A reader of the CPU time of groups of processes; of nothing where there is no /proc. */
export function createCpuMeter(groups: CpuGroups): () => CpuReading {
  if (platform() !== 'linux') return () => ({});
  return () => {
    const usages = readUsages();
    return Object.fromEntries(
      Object.entries(groups).map(([name, roots]) => [
        name,
        roots.reduce((total, pid) => total + usedBy(usages, pid), 0),
      ]),
    );
  };
}

/** Of this very process only its own: everything else here was started by it. */
function usedBy(usages: ReadonlyMap<number, Usage>, pid: number): number {
  return pid === process.pid ? (usages.get(pid)?.ms ?? 0) : tree(usages, pid);
}

function tree(usages: ReadonlyMap<number, Usage>, root: number): number {
  let ms = usages.get(root)?.ms ?? 0;
  for (const [pid, { parent }] of usages) if (parent === root) ms += tree(usages, pid);
  return ms;
}

function readUsages(): Map<number, Usage> {
  const usages = new Map<number, Usage>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const usage = readUsage(name);
    if (usage !== undefined) usages.set(Number(name), usage);
  }
  return usages;
}

/** The fields after the command's name, which may hold anything in its brackets. */
function readUsage(pid: string): Usage | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ms: ticks * msPerTick };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
