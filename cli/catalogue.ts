import type { Command } from 'commander';
import { describeProblem, readCatalogue } from '../platform/catalogue.ts';
import { knownProviders } from '../providers/names.ts';
import { examples, printJson, printLine } from './verb.ts';

interface CheckOptions {
  readonly json?: boolean;
}

/** `holdfast catalogue check [file]`: exit code 0 when the file holds, 1 with every problem listed. */
export function registerCatalogue(program: Command): void {
  const catalogue = program.command('catalogue').description('The price list: packs, models and prices');
  catalogue
    .command('check')
    .description('Check a catalogue file and list every problem with its line')
    .argument('[file]', 'the file to check', 'catalogue.yaml')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples('holdfast catalogue check', 'holdfast catalogue check prices/next.yaml --json'))
    .action(check);
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const reading = await readCatalogue(file, knownProviders);
  const report = reading.ok
    ? {
        ok: true,
        file,
        version: reading.catalogue.version,
        packs: reading.catalogue.packs.length,
        models: reading.catalogue.models.length,
      }
    : { ok: false, file, problems: reading.problems };
  if (options.json === true) printJson(report);
  else if (reading.ok)
    printLine(`${file} holds: version ${report.version}, ${report.packs} packs, ${report.models} models.`);
  else {
    printLine(`${file}: ${reading.problems.length} problem${reading.problems.length === 1 ? '' : 's'}`);
    for (const problem of reading.problems) printLine(`  ${describeProblem(problem)}`);
  }
  if (!reading.ok) process.exitCode = 1;
}
