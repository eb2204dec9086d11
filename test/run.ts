import { join } from 'node:path';
import { processEnvironment } from '../platform/config.ts';
import { executeGate, executeSuite, type ExecuteOptions, type PartResult } from './run/execute.ts';
import { type Need, type Part, selectParts, type Selection } from './run/plan.ts';
import { describePart, describeRun } from './run/report.ts';
import { startShared } from './run/servers.ts';
import { testHome } from './support/environment.ts';

export interface TestRunOptions extends Selection {
  readonly grep: string | undefined;
}

export type TestRun =
  | { readonly ran: true; readonly results: readonly PartResult[] }
  | { readonly ran: false; readonly unknown: readonly string[] };

/**
 * Three at once fill two cores: a gate is work, and a suite mostly waits for servers (measured: a third of a core). A
 * machine that others load may set fewer (`HOLDFAST_TEST_LANES`).
 */
const laneCountMax = 3;

/**
 * The test command: gates and suites in a few lanes, against one PostgreSQL and one Temporal started here.
 * Each part's output is shown when it has ended; the counts close the run.
 */
export async function runTests(options: TestRunOptions): Promise<TestRun> {
  const selected = selectParts(options);
  if ('unknown' in selected) return { ran: false, unknown: selected.unknown };
  const { signal, release } = abortOnSignals();
  const environment = processEnvironment();
  const needs = new Set(selected.parts.flatMap((part): readonly Need[] => (part.kind === 'suite' ? part.needs : [])));
  const shared = await startShared(needs, { home: testHome(), variables: environment, onProgress: say });
  const execute: ExecuteOptions = {
    variables: { ...environment, ...shared.variables, ...(options.long ? { HOLDFAST_TEST_LONG: '1' } : {}) },
    grep: options.grep,
    long: options.long,
    home: join(testHome()),
    signal,
  };
  try {
    const isAlone = (part: Part): boolean => part.kind === 'suite' && part.alone === true;
    const waiting = selected.parts.filter((part) => !isAlone(part));
    const laneCount = Math.min(laneCountMax, Number(environment['HOLDFAST_TEST_LANES'] ?? laneCountMax));
    const lanes = await Promise.all(Array.from({ length: laneCount }, () => runLane(waiting, execute)));
    const results = [...lanes.flat(), ...(await runLane(selected.parts.filter(isAlone), execute))];
    say(describeRun(results));
    return { ran: true, results };
  } finally {
    await shared.stop();
    release();
  }
}

/** Takes part after part from what waits. */
async function runLane(waiting: Part[], execute: ExecuteOptions): Promise<PartResult[]> {
  const results: PartResult[] = [];
  for (let part = waiting.shift(); part !== undefined && !execute.signal.aborted; part = waiting.shift()) {
    const result = await (part.kind === 'gate' ? executeGate(part, execute) : executeSuite(part, execute));
    say(describePart(result));
    results.push(result);
  }
  return results;
}

/** Ctrl-C ends the parts that run, and then the servers are ended in order. */
function abortOnSignals(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, abort);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, abort);
    },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
