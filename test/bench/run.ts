import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';
import type { Figure } from './compare.ts';
import { type BenchGround, createGround } from './ground.ts';
import { grownLedgerBench, ledgerBenches } from './ledger-benches.ts';
import { readMachine } from './machine.ts';
import type { MemoryFigure } from './memory-figure.ts';
import { type BenchReport, markdownReport } from './report.ts';
import { httpBenches } from './http-benches.ts';
import { memoryBench } from './memory-bench.ts';
import { sagaBenches } from './saga-benches.ts';
import { fullScale, quickScale, type Scale } from './scale.ts';

type Found = { readonly figures?: readonly Figure[]; readonly memory?: readonly MemoryFigure[] };

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
  {
    name: 'memory',
    onlyWhenNamed: true,
    run: async (ground, scale) => ({ memory: await memoryBench(ground, scale) }),
  },
];

export const benchNames: readonly string[] = benches.map(({ name }) => name);

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
  let machine: BenchReport['machine'] | undefined;
  for (const bench of wanted) {
    const ground = createGround(tell);
    try {
      machine ??= await readMachine(await machineParts(ground));
      const found = await bench.run(ground, scale);
      figures.push(...(found.figures ?? []));
      memory.push(...(found.memory ?? []));
    } finally {
      await ground.stop();
    }
  }
  if (machine === undefined) throw new Error('no bench was run');
  return { takenAt: new Date().toISOString(), quick, machine, figures, memory };
}

async function machineParts(ground: BenchGround) {
  const { adminUrl } = await ground.postgres();
  return { databaseUrl: adminUrl, temporalCliPath: await ground.temporalCli() };
}

const markers = { begin: '<!-- figures: begin -->', end: '<!-- figures: end -->' };

/** Writes the figures as JSON and into the reference page; answers the files. */
export function writeReport(report: BenchReport): string[] {
  const [json, page] = [
    join('docs', 'bench', `${report.takenAt.slice(0, 10)}.json`),
    join('docs', 'reference', 'benchmarks.md'),
  ];
  mkdirSync(join(repositoryFolder, 'docs', 'bench'), { recursive: true });
  writeFileSync(join(repositoryFolder, json), `${JSON.stringify(report, null, 2)}\n`);
  const text = readFileSync(join(repositoryFolder, page), 'utf8');
  const [before, rest = ''] = text.split(markers.begin);
  const after = rest.split(markers.end)[1] ?? '';
  const middle = `${markers.begin}\n\n${markdownReport(report)}\n\n${markers.end}`;
  writeFileSync(join(repositoryFolder, page), `${before}${middle}${after}`);
  return [json, page];
}
