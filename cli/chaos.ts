import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { describeReport } from '../test/chaos/stars/report.ts';
import { runStarChaos } from '../test/chaos/stars/run.ts';
import { endTestRuntime } from '../test/support/runtime.ts';
import { testInfrastructure } from '../test/support/infrastructure.ts';
import { examples, printJson, printLine, WrongUseError } from './verb.ts';

interface ChaosFlags {
  readonly kills: string;
  readonly seed?: string;
  readonly json: boolean;
}

const killsMax = 100_000;
const seedsMax = 2 ** 31;

export function registerChaos(program: Command): void {
  program
    .command('chaos')
    .description(
      'Kills workers while people buy, then proves that nobody lost or gained; starts all that it needs itself.',
    )
    .argument('<flow>', 'stars: purchases of Telegram Stars, paid on the TON chain')
    .option('--kills <count>', 'how many workers are killed', '200')
    .option('--seed <number>', 'repeat the choices of a run')
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', examples('holdfast chaos stars', 'holdfast chaos stars --kills 20 --seed 7'))
    .addHelpText('after', '\nExit code 0: everything holds. 1: it does not, and each order is shown with the evidence.')
    .action(async (flow: string, { kills, seed, json }: ChaosFlags) => {
      if (flow !== 'stars') throw new WrongUseError(`There is no chaos for ${flow}; there is: stars.`);
      const chosen = {
        kills: wholeNumber('--kills', kills, { min: 1, max: killsMax }),
        seed: seed === undefined ? randomInt(seedsMax) : wholeNumber('--seed', seed, { min: 0, max: seedsMax - 1 }),
      };
      try {
        const report = await runStarChaos({ ...chosen, tell: json ? () => undefined : printLine });
        if (json) printJson(report);
        else for (const line of describeReport(report)) printLine(line);
        if (report.violations.length > 0) process.exitCode = 1;
      } finally {
        await testInfrastructure.stop();
        await endTestRuntime();
      }
    });
}

function wholeNumber(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new WrongUseError(`${name} is a whole number from ${min} to ${max}.`);
}
