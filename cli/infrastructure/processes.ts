import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';

/** A server of somebody else's making (PostgreSQL, Temporal) that must not outlive us. */
export interface GuardedServer {
  /** The server's own process id is not known here: between it and us stands the guard. */
  readonly guardPid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: Promise<ServerExit>;
  /** Asks the server to end and waits; kills it when that takes longer than `timeoutMs`. */
  stop(timeoutMs?: number): Promise<void>;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardOptions {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** File that takes the server's output. */
  readonly logPath: string;
  /** File that takes the server's process id, for the next start to find one that we left behind. */
  readonly pidPath?: string;
  /** User to run as; only root can choose. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * The guard: a small shell that runs the server and interrupts it when its own standard input ends. The input is a pipe
 * that we hold, so the server ends with us even when we are killed by `kill -9`. File descriptor 3 is that pipe.
 */
const guardScript = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
[ -z "$HOLDFAST_PID_PATH" ] || echo $server >"$HOLDFAST_PID_PATH"
( cat <&3 >/dev/null; kill -INT $server ) >/dev/null 2>&1 &
watcher=$!
wait $server
code=$?
kill $watcher >/dev/null 2>&1
exit $code
`;

/** Starts a server in a session of its own, so that Ctrl-C reaches only us and we end things in order. */
export function startGuarded(options: GuardOptions): GuardedServer {
  const output = openSync(options.logPath, 'a');
  const child = spawn('/bin/sh', ['-c', guardScript, 'guard', options.command, ...options.arguments], {
    detached: true,
    stdio: ['pipe', output, output],
    env: { ...options.environment, HOLDFAST_PID_PATH: options.pidPath ?? '' },
    cwd: '/',
    ...(options.user ? { uid: options.user.uid, gid: options.user.gid } : {}),
  });
  closeSync(output);
  child.stdin?.on('error', () => undefined);
  const exited = new Promise<ServerExit>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      child.stdin?.destroy();
      resolve({ code, signal });
    });
  });
  return { guardPid: child.pid ?? 0, exited, stop: (timeoutMs = 10_000) => stopGuarded(child, exited, timeoutMs) };
}

async function stopGuarded(child: ChildProcess, exited: Promise<ServerExit>, timeoutMs: number): Promise<void> {
  child.stdin?.destroy();
  const timer = setTimeout(() => killGroup(child.pid ?? 0), timeoutMs);
  await exited;
  clearTimeout(timer);
}

/** Kills a process group whose leader we started; nothing happens when it is gone. */
function killGroup(leaderPid: number): void {
  if (leaderPid > 1) sendSignal(-leaderPid, 'SIGKILL');
}

/** Sends a signal; false when there is no such process (or it is not ours). */
export function sendSignal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return name === 0;
    return false;
  }
}

/** Whether a process with this id exists and is not merely waiting to be collected by its parent. */
export function isAlive(pid: number): boolean {
  if (!sendSignal(pid, 0)) return false;
  if (platform() !== 'linux') return true;
  const state = readIfAny(`/proc/${pid}/stat`)?.split(') ').at(-1)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The command line of a process, or undefined when it is gone. */
export function commandLine(pid: number): string | undefined {
  if (platform() === 'linux') return readIfAny(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim();
  const listed = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 ? listed.stdout.trim() : undefined;
}

/** When a process began, in the system's own words; the same id with another start is another process. */
export function processStart(pid: number): string {
  if (platform() === 'linux') return readIfAny(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ')[19] ?? '';
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

/** Ends a process whose command line shows that it is the one meant: politely, then by force. */
export async function endProcess(
  pid: number,
  options: { readonly shows: string; readonly polite: NodeJS.Signals },
): Promise<boolean> {
  if (!isAlive(pid) || !commandLine(pid)?.includes(options.shows)) return false;
  sendSignal(pid, options.polite);
  if (!(await until(() => !isAlive(pid), 8_000))) sendSignal(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 5_000);
  return true;
}

/** Polls a condition until it holds; false at the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return condition();
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}
