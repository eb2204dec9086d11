import { type Command, Option } from 'commander';
import { allParts } from '../test/run/plan.ts';
import { runTests } from '../test/run.ts';
import { examples, WrongUseError } from './verb.ts';

const partNames = ['gates', ...allParts.map(({ name }) => name)].join(', ');

export function registerTest(program: Command): void {
  program
    .command('test')
    .description('Runs the gates and the test suites; the last line counts what passed and failed.')
    .argument('[names...]', `gates and suites to run: ${partNames}`)
    .option('--grep <pattern>', 'only tests whose title matches')
    .addOption(new Option('--long', 'only the long scenarios, in full').default(false))
    .addHelpText(
      'after',
      examples('npm test', 'npm test -- ledger', 'npm test -- ledger --grep L2', 'npm run test:long'),
    )
    .action(async (names: string[], options: { grep?: string; long: boolean }) => {
      const run = await runTests({ names, grep: options.grep, long: options.long });
      if (!run.ran)
        throw new WrongUseError(`There is no gate or suite called ${run.unknown.join(', ')}; there are: ${partNames}.`);
      process.exitCode = run.results.some(({ failed }) => failed > 0) || run.results.length === 0 ? 1 : 0;
    });
}
