import type { CpuReading, Run } from './load.ts';
import { type Latency, median, pairRatios, type Spread, spreadOf } from './statistics.ts';

/** The runs of one contestant, by their medians. */
export interface Summary {
  readonly perSecond: Spread;
  readonly latency: Latency;
  readonly moments: Readonly<Record<string, Latency>>;
  readonly cpuMsEach: CpuReading;
  readonly count: number;
  readonly errors: number;
  readonly complaints: readonly string[];
}

/** One line of the table: ours beside its bare baseline. */
export interface Figure {
  readonly bench: string;
  readonly baseline: string;
  readonly ours: Summary;
  readonly bare: Summary;
  /** Throughput of ours to the bare one's, pair by pair. */
  readonly ratio: Spread;
  /** What the ratio should at least be; absent: it is only reported. */
  readonly wantedRatio?: number;
}

export interface Comparison extends Pick<Figure, 'bench' | 'baseline' | 'wantedRatio'> {
  readonly rounds: number;
  readonly ours: () => Promise<Run>;
  readonly bare: () => Promise<Run>;
  readonly onRun?: (line: string) => void;
}

/** Runs both in alternation: A B, B A, A B ... so that what drifts on the machine or in the tables drifts for both. */
export async function compare({ rounds, ours, bare, onRun, ...names }: Comparison): Promise<Figure> {
  const runs: { ours: Run[]; bare: Run[] } = { ours: [], bare: [] };
  const runOurs = async () => void runs.ours.push(await ours());
  const runBare = async () => void runs.bare.push(await bare());
  for (let round = 0; round < rounds; round += 1) {
    for (const run of round % 2 === 0 ? [runOurs, runBare] : [runBare, runOurs]) await run();
    onRun?.(`${names.bench}: ${tell(runs.ours.at(-1))} beside ${tell(runs.bare.at(-1))}`);
  }
  const throughput = (all: readonly Run[]) => all.map(({ perSecond }) => perSecond);
  return {
    ...names,
    ours: summarise(runs.ours),
    bare: summarise(runs.bare),
    ratio: spreadOf(pairRatios(throughput(runs.ours), throughput(runs.bare))),
  };
}

/** Several runs as one: medians of their figures, sums of their counts. */
function summarise(runs: readonly Run[]): Summary {
  const moments = new Set(runs.flatMap((run) => Object.keys(run.moments)));
  const groups = new Set(runs.flatMap((run) => Object.keys(run.cpuMsEach)));
  return {
    perSecond: spreadOf(runs.map(({ perSecond }) => perSecond)),
    latency: medianLatency(runs.map(({ latency }) => latency)),
    moments: Object.fromEntries(
      [...moments].map((name) => [name, medianLatency(runs.flatMap((run) => run.moments[name] ?? []))]),
    ),
    cpuMsEach: Object.fromEntries(
      [...groups].map((name) => [name, median(runs.map((run) => run.cpuMsEach[name] ?? Number.NaN))]),
    ),
    count: sum(runs.map(({ count }) => count)),
    errors: sum(runs.map(({ errors }) => errors)),
    complaints: [...new Set(runs.flatMap(({ complaints }) => complaints))].slice(0, 3),
  };
}

/** Whether a figure is what it should be; a figure that is only reported always is. Errors never are. */
export function isReached({ ratio, wantedRatio, ours, bare }: Figure): boolean {
  return ours.errors + bare.errors === 0 && (wantedRatio === undefined || ratio.median >= wantedRatio);
}

function medianLatency(latencies: readonly Latency[]): Latency {
  const of = (name: keyof Latency) => median(latencies.map((latency) => latency[name]));
  return { p50: of('p50'), p95: of('p95'), p99: of('p99') };
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

function tell(run: Run | undefined): string {
  return run === undefined ? 'nothing' : `${run.perSecond.toFixed(run.perSecond < 100 ? 1 : 0)}/s`;
}
