import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { postgresFolders } from '../../cli/infrastructure/postgres-folders.ts';
import { postgresUser } from '../../cli/infrastructure/postgres-user.ts';
import { commandLine, endProcess, isAlive, sendSignal } from '../../cli/infrastructure/processes.ts';
import type { Board } from '../../cli/start/board.ts';
import { repositoryFolder, repositoryPath, testEnvironment, testHome } from './environment.ts';
import { eventually } from './eventually.ts';

/** The whole product as `npm start` runs it, in a home of its own and on ports of its own. */
export interface WholeStack {
  readonly home: string;
  readonly board: Board;
  /** What it printed so far. */
  output(): string;
  /** Every process of it that is alive: the bootstrap, the supervisor, the servers and our own. */
  processes(): number[];
  supervisorPid(): number;
  /** The process of one of our own parts: simulators, worker, api. */
  childPid(name: string): number;
  /** As Ctrl-C does; resolves with the exit code. */
  interrupt(): Promise<number | null>;
  /** `kill -9` of everything. */
  killTree(): Promise<void>;
  /** Resolves with the exit code when the start has ended. */
  readonly ended: Promise<number | null>;
}

const readyTimeoutMs = 180_000;

/** A new home under the folder of this run. */
export function newHome(): string {
  mkdirSync(testHome(), { recursive: true });
  const home = mkdtempSync(join(testHome(), 'stack-'));
  chmodSync(home, 0o755);
  return home;
}

/** Types `npm start` and waits for the board. */
export async function startWholeStack(home: string, variables: NodeJS.ProcessEnv = {}): Promise<WholeStack> {
  const { child, output, ended } = launchStart(home, variables);
  const boardPath = join(home, 'board.json');
  rmSync(boardPath, { force: true });
  const isReady = (): boolean => {
    if (child.exitCode !== null) throw new Error(`npm start ended early:\n${output()}`);
    return existsSync(boardPath);
  };
  await eventually(isReady, { withinMs: readyTimeoutMs, everyMs: 50 });
  const stack = {
    home,
    board: JSON.parse(readFileSync(boardPath, 'utf8')) as Board,
    output,
    ended,
    processes: () => descendants(child.pid ?? 0),
    supervisorPid: () => readLock(home) ?? 0,
    childPid: (name: string) => {
      const pids = JSON.parse(readFileSync(join(home, 'children.json'), 'utf8')) as Record<string, number>;
      return pids[name] ?? 0;
    },
  };
  return {
    ...stack,
    interrupt: () => {
      child.kill('SIGINT');
      return ended;
    },
    killTree: async () => {
      const processes = stack.processes();
      for (const pid of processes) sendSignal(pid, 'SIGKILL');
      await eventually(() => !processes.some(isAlive));
    },
  };
}

/** Types `npm start` without waiting for anything. */
export function launchStart(home: string, variables: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(process.execPath, [repositoryPath('cli', 'bootstrap.mjs'), 'start'], {
    cwd: repositoryFolder,
    env: { ...testEnvironment().variables, HOLDFAST_HOME: home, PORT: '0', METRICS_PORT: '0', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return { child, ended, output: () => text };
}

/** Types `npx holdfast <verb>` in another terminal, with nothing but the home in common. */
export function runVerbIn(home: string, ...parameters: readonly string[]) {
  const { variables } = testEnvironment();
  const env = { ...variables, HOLDFAST_HOME: home };
  const script = repositoryPath('cli', 'bootstrap.mjs');
  return spawnSync(process.execPath, [script, ...parameters], { cwd: repositoryFolder, env, encoding: 'utf8' });
}

/** Ends what a failed test left of a stack. */
export async function clearHome(home: string): Promise<void> {
  const owner = readLock(home);
  if (owner !== undefined && commandLine(owner)?.includes('main.ts start')) sendSignal(owner, 'SIGTERM');
  await eventually(() => owner === undefined || !isAlive(owner), { withinMs: 30_000 });
  for (const path of ['postgres/postmaster.pid', 'temporal.pid']) {
    const pid = readPid(join(home, path));
    if (pid !== undefined) await endProcess(pid, { shows: home, polite: 'SIGINT' });
  }
  rmSync(postgresFolders(home, postgresUser()).data, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
}

function readLock(home: string): number | undefined {
  const path = join(home, 'start.lock');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { pid: number }).pid : undefined;
}

function readPid(path: string): number | undefined {
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : undefined;
}

/** A process and all that came from it, by the parents that the system knows. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const rows = table.map((line) => line.trim().split(/\s+/).map(Number));
  for (const [pid = 0, parent = 0] of rows) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  const visit = (pid: number): void => {
    found.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found.filter(isAlive);
}
