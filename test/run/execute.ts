import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';
import type { SuiteReport } from '../support/reporter.ts';
import { type Gate, type Suite, suiteFiles } from './plan.ts';

export interface PartResult extends SuiteReport {
  readonly name: string;
  readonly seconds: number;
  /** What it printed. */
  readonly output: string;
}

export interface ExecuteOptions {
  readonly variables: NodeJS.ProcessEnv;
  readonly grep: string | undefined;
  readonly long: boolean;
  /** Folder for the files of this run. */
  readonly home: string;
  readonly signal: AbortSignal;
}

const gateTimeoutMs = 5 * 60_000;
const suiteTimeoutMs = 40 * 60_000;
const longSuiteTimeoutMs = 55 * 60_000;
/**
 * Node may deadlock inside `process.exit` (nodejs/node#54918: a compiler thread waits for a collection that never
 * comes). A suite that has reported has nothing left to do; so long after it, it is ended from outside and its report
 * counts.
 */
const exitTimeoutMs = 10_000;

/** Runs one gate: passed when its command ends with 0. */
export async function executeGate(gate: Gate, options: ExecuteOptions): Promise<PartResult> {
  const [program, ...parameters] = gate.command;
  const { code, output, seconds } = await runCommand(binary(program), parameters, {
    ...options,
    timeoutMs: gateTimeoutMs,
  });
  const passed = code === 0 ? 1 : 0;
  return {
    name: gate.name,
    passed,
    failed: 1 - passed,
    skipped: [],
    retried: [],
    seconds,
    output: passed ? '' : output,
  };
}

/** Runs one suite in a mocha process of its own; one that ends without a report counts as one failure. */
export async function executeSuite(suite: Suite, options: ExecuteOptions): Promise<PartResult> {
  const reportPath = join(options.home, `report-${suite.name}.json`);
  const grep = options.grep === undefined ? [] : ['--grep', options.grep];
  const retries = options.variables['HOLDFAST_TEST_RETRIES'] ?? '0';
  const mocha = ['--reporter', './test/support/reporter.ts', '--retries', retries, ...grep];
  const parameters = [...mocha, ...suiteFiles(suite.name, options.long)];
  const { code, output, seconds, stuckAtExit } = await runCommand(binary('mocha'), parameters, {
    ...options,
    variables: {
      ...options.variables,
      HOLDFAST_TEST_REPORT: reportPath,
      ...(suite.ownTemporal ? { HOLDFAST_TEST_TEMPORAL_ADDRESS: undefined } : {}),
    },
    timeoutMs: options.long ? longSuiteTimeoutMs : suiteTimeoutMs,
    hasReported: () => existsSync(reportPath),
  });
  const report = readReport(reportPath);
  if (!report)
    return {
      name: suite.name,
      passed: 0,
      failed: 1,
      skipped: [],
      retried: [],
      seconds,
      output: `${output}\nended early (code ${code})`,
    };
  const failed = report.failed === 0 && code !== 0 && !stuckAtExit ? 1 : report.failed;
  return { name: suite.name, ...report, failed, seconds, output };
}

function readReport(path: string): SuiteReport | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SuiteReport) : undefined;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly seconds: number;
  readonly stuckAtExit: boolean;
}

type CommandOptions = ExecuteOptions & { readonly timeoutMs: number; readonly hasReported?: () => boolean };

/** Runs a script of node_modules on this Node, in a process group of its own so that a stuck one can be ended whole. */
function runCommand(script: string, parameters: readonly string[], options: CommandOptions): Promise<Ended> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, ...parameters], {
    cwd: repositoryFolder,
    env: options.variables,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => chunks.push(chunk));
  }
  const timer = setTimeout(() => {
    chunks.push(`\nstopped after ${options.timeoutMs / 60_000} minutes`);
    endGroup(child);
  }, options.timeoutMs);
  let [reportedAt, stuckAtExit] = [Number.POSITIVE_INFINITY, false];
  const exitWatch = setInterval(() => {
    if (options.hasReported?.() === true) reportedAt = Math.min(reportedAt, performance.now());
    stuckAtExit = performance.now() - reportedAt > exitTimeoutMs;
    if (stuckAtExit) endGroup(child);
  }, 1_000);
  const abort = (): void => endGroup(child);
  options.signal.addEventListener('abort', abort);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      clearInterval(exitWatch);
      options.signal.removeEventListener('abort', abort);
      setTimeout(() => endGroup(child), 100);
      child.once('close', () =>
        resolve({ code, output: chunks.join(''), seconds: (performance.now() - started) / 1000, stuckAtExit }),
      );
    });
  });
}

/** Ends what a part may have left running, as well as the part itself. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The script of a command in node_modules. */
function binary(name: string): string {
  return join(repositoryFolder, 'node_modules', '.bin', name);
}
