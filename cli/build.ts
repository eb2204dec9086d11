import type { Command } from 'commander';
import { buildPages } from '../webapp/build.ts';
import { examples, printLine } from './verb.ts';

export function registerBuild(program: Command): void {
  program
    .command('build')
    .description('Builds the Mini App and the sandbox page, for an image; `start` does it by itself.')
    .addHelpText('after', examples('holdfast build'))
    .action(async () => {
      printLine((await buildPages()) ? 'built into webapp/dist' : 'webapp/dist is up to date');
    });
}
