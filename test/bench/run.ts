import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';
import { botBench } from './bot-bench.ts';
import type { Figure } from './compare.ts';
import type { CostFigure } from './cost-figure.ts';
import type { DelayFigure } from './delay-figure.ts';
import { type BenchGround, createGround } from './ground.ts';
import { grownLedgerBench, ledgerBenches } from './ledger-benches.ts';
import { readMachine } from './machine.ts';
import type { MemoryFigure } from './memory-figure.ts';
import type { PageFigure } from './page-figure.ts';
import { type BenchReport, markdownReport, type Taken } from './report.ts';
import { httpBenches } from './http-benches.ts';
import { liveBench } from './live-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { sagaBenches } from './saga-benches.ts';
import { starBenches } from './star-benches.ts';
import { sweepBench } from './sweep-bench.ts';
import { webappBench } from './webapp-bench.ts';
import { fullScale, quickScale, type Scale } from './scale.ts';

type Found = {
  readonly figures?: readonly Figure[];
  readonly memory?: readonly MemoryFigure[];
  readonly delays?: readonly DelayFigure[];
  readonly pages?: readonly PageFigure[];
  readonly costs?: readonly CostFigure[];
};

interface Bench {
  readonly name: string;
  /** Runs only when it is named: it takes very long. */
  readonly onlyWhenNamed?: true;
  run(ground: BenchGround, scale: Scale): Promise<Found>;
}

const benches: readonly Bench[] = [
  { name: 'ledger', run: async (ground, scale) => ({ figures: await ledgerBenches(ground, scale) }) },
  { name: 'sagas', run: async (ground, scale) => ({ figures: await sagaBenches(ground, scale) }) },
  { name: 'http', run: async (ground, scale) => ({ figures: await httpBenches(ground, scale) }) },
  { name: 'grown', run: async (ground, scale) => ({ figures: await grownLedgerBench(ground, scale) }) },
  { name: 'live', run: liveBench },
  { name: 'bot', run: botBench },
  { name: 'webapp', run: webappBench },
  { name: 'stars', run: (ground, scale) => starBenches(ground, scale, 'v5r1') },
  { name: 'stars', run: (ground, scale) => starBenches(ground, scale, 'v4r2') },
  { name: 'sweep', run: async (ground, scale) => ({ figures: await sweepBench(ground, scale) }) },
  {
    name: 'memory',
    onlyWhenNamed: true,
    run: async (ground, scale) => ({ memory: await memoryBench(ground, scale) }),
  },
];

export const benchNames: readonly string[] = [...new Set(benches.map(({ name }) => name))];

export interface BenchOptions {
  /** Empty: all but the very long ones. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly tell: (line: string) => void;
}

/** Runs benches one after another, each on servers of its own. */
export async function runBenches({ only, quick, tell }: BenchOptions): Promise<BenchReport> {
  const scale = quick ? quickScale : fullScale;
  const wanted = benches.filter((bench) =>
    only.length === 0 ? bench.onlyWhenNamed !== true : only.includes(bench.name),
  );
  const figures: Figure[] = [];
  const memory: MemoryFigure[] = [];
  const delays: DelayFigure[] = [];
  const pages: PageFigure[] = [];
  const costs: CostFigure[] = [];
  let machine: BenchReport['machine'] | undefined;
  for (const bench of wanted) {
    const ground = createGround(tell);
    try {
      machine ??= await readMachine(await machineParts(ground));
      const found = await bench.run(ground, scale);
      figures.push(...(found.figures ?? []));
      memory.push(...(found.memory ?? []));
      delays.push(...(found.delays ?? []));
      pages.push(...(found.pages ?? []));
      costs.push(...(found.costs ?? []));
    } finally {
      await ground.stop();
    }
  }
  if (machine === undefined) throw new Error('no bench was run');
  return { takenAt: new Date().toISOString(), quick, machine, figures, memory, delays, pages, costs };
}

async function machineParts(ground: BenchGround) {
  const { adminUrl } = await ground.postgres();
  return { databaseUrl: adminUrl, temporalCliPath: await ground.temporalCli() };
}

const markers = { begin: '<!-- figures: begin -->', end: '<!-- figures: end -->' };

/**
 * Writes the figures as the JSON of this day and into the reference page; answers the files. What another run of the
 * day found stays where this one did not measure, and the page shows the newest of each row over all days, so that
 * benches can be taken one at a time. A row whose bench was renamed or removed since stays with its last day, until it
 * is taken out of the files of its days by hand.
 */
export function writeReport(found: BenchReport): string[] {
  const folder = join('docs', 'bench');
  const json = join(folder, `${dayOf(found)}.json`);
  const page = join('docs', 'reference', 'benchmarks.md');
  const path = join(repositoryFolder, json);
  mkdirSync(dirname(path), { recursive: true });
  const today = existsSync(path) ? merge(readReport(path), stamp(found)) : stamp(found);
  writeFileSync(path, `${JSON.stringify(today, null, 2)}\n`);
  const days = readdirSync(join(repositoryFolder, folder)).filter((name) => name.endsWith('.json'));
  const reports = days.toSorted().map((name) => readReport(join(repositoryFolder, folder, name)));
  const text = readFileSync(join(repositoryFolder, page), 'utf8');
  const [before, rest = ''] = text.split(markers.begin);
  const after = rest.split(markers.end)[1] ?? '';
  const middle = `${markers.begin}\n\n${markdownReport(reports.reduce(merge))}\n\n${markers.end}`;
  writeFileSync(join(repositoryFolder, page), `${before}${middle}${after}`);
  return [json, page];
}

function readReport(path: string): BenchReport {
  return stamp(JSON.parse(readFileSync(path, 'utf8')) as BenchReport);
}

/** Each row with its day, so that rows of several days can stand in one table. */
function stamp(report: BenchReport): BenchReport {
  const withDay = <F extends Taken>(rows: readonly F[] = []) => rows.map((row) => ({ takenOn: dayOf(report), ...row }));
  // A report of before there were any has none.
  const { figures, memory, delays, pages, costs } = report;
  const stamped = { figures: withDay(figures), memory: withDay(memory), delays: withDay(delays) };
  return { ...report, ...stamped, pages: withDay(pages), costs: withDay(costs) };
}

function dayOf({ takenAt }: BenchReport): string {
  return takenAt.slice(0, 10);
}

function merge(earlier: BenchReport, found: BenchReport): BenchReport {
  return {
    ...found,
    figures: mergeByName(earlier.figures, found.figures),
    memory: mergeByName(earlier.memory, found.memory),
    delays: mergeByName(earlier.delays ?? [], found.delays ?? []),
    pages: mergeByName(earlier.pages ?? [], found.pages ?? []),
    costs: mergeByName(earlier.costs ?? [], found.costs ?? []),
  };
}

function mergeByName<F extends { readonly bench: string }>(earlier: readonly F[], found: readonly F[]): F[] {
  const isNew = (figure: F) => found.some(({ bench }) => bench === figure.bench);
  return [...earlier.filter((figure) => !isNew(figure)), ...found];
}
