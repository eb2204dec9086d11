import type { Command } from 'commander';
import { envExample } from '../platform/env-example.ts';
import { examples } from './verb.ts';

export function registerEnvExample(program: Command): void {
  program
    .command('env-example')
    .description('Prints .env.example, made from the configuration schema.')
    .addHelpText('after', examples('holdfast env-example > .env.example'))
    .action(() => {
      process.stdout.write(envExample());
    });
}
