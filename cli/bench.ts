import type { Command } from 'commander';
import { detailLines, screenTable } from '../test/bench/report.ts';
import { benchNames, runBenches, writeReport } from '../test/bench/run.ts';
import { examples, printJson, printLine, WrongUseError } from './verb.ts';

interface BenchFlags {
  readonly only?: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly write: boolean;
}

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('Measures speed and memory against bare baselines in the same run; starts all that it needs itself.')
    .option('--only <names...>', `some benches: ${benchNames.join(', ')}`)
    .option('--quick', 'short runs, to see whether everything works', false)
    .option('--write', 'write docs/bench/<date>.json and the table of docs/reference/benchmarks.md', false)
    .option('--json', 'print the figures as JSON', false)
    .addHelpText(
      'after',
      examples(
        'holdfast bench',
        'holdfast bench --only ledger --quick',
        'holdfast bench --only memory',
        'holdfast bench --write',
      ),
    )
    .action(async ({ only = [], quick, json, write }: BenchFlags) => {
      const unknown = only.filter((name) => !benchNames.includes(name));
      if (unknown.length > 0) {
        const known = benchNames.join(', ');
        throw new WrongUseError(`There is no bench called ${unknown.join(', ')}; there are: ${known}.`);
      }
      const report = await runBenches({ only, quick, tell: json ? () => undefined : printLine });
      if (write) for (const file of writeReport(report)) if (!json) printLine(`wrote ${file}`);
      if (json) return printJson(report);
      printLine();
      printLine(screenTable(report));
      for (const line of report.figures.flatMap(detailLines)) printLine(line);
    });
}
