import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { type Config, ConfigError, type ConfigProblem, loadConfig, processEnvironment } from '../platform/config.ts';
import { failure, type Finding, ok, warning } from './doctor/finding.ts';
import { checkFragment } from './doctor/fragment.ts';
import { checkDisk, checkNode, checkPorts } from './doctor/machine.ts';
import { checkBreakers, checkCache, checkDatabase, checkProviders, checkTemporal } from './doctor/services.ts';
import { checkTelegram } from './doctor/telegram.ts';
import { configBeforeStart } from './start/before-start.ts';
import { examples, printJson, printLine } from './verb.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Looks at Node, disk, ports, configuration, database, Temporal, Redis, providers, Telegram; 1 for a failure.',
    )
    .option('--json', 'answer as JSON', false)
    .addHelpText('after', examples('holdfast doctor', 'holdfast doctor --json'))
    .action(async (options: { json: boolean }) => {
      const findings = await examine();
      if (options.json) printJson({ findings });
      else for (const finding of findings) printLine(describe(finding));
      process.exitCode = findings.some(({ status }) => status === 'failure') ? 1 : 0;
    });
}

async function examine(): Promise<Finding[]> {
  const variables = processEnvironment();
  const home = resolve(variables['HOLDFAST_HOME'] || '.holdfast');
  const machine = [checkNode(), await checkDisk(home)];
  const early = configBeforeStart(variables);
  if (variables['MODE'] !== 'production' && !early.ok) return [...machine, ...mistakes(early.problems)];
  const ports = early.ok ? [await checkPorts(home, portsOf(early.config))] : [];
  const read = readConfig();
  if ('config' in read) return [...machine, ...ports, ...(await examineServices(read.config))];
  if (variables['MODE'] === 'production') return [...machine, ...mistakes(read.problems)];
  const nothing = warning('services', `nothing runs from ${home}`, 'run `npm start`, which makes what is missing');
  return [...machine, ...ports, ok('configuration', 'embedded mode'), nothing];
}

async function examineServices(config: Config): Promise<Finding[]> {
  const [services, cache, breakers, providers, telegram] = [
    Promise.all([checkDatabase(config), checkTemporal(config)]),
    checkCache(config),
    checkBreakers(config),
    checkProviders(config),
    Promise.all([checkTelegram(config), checkFragment(config)]),
  ];
  const configured = ok('configuration', `${config.mode} mode`);
  return [
    configured,
    ...(await services),
    ...(await cache),
    ...(await breakers),
    ...(await providers),
    ...(await telegram),
  ];
}

function portsOf({
  api,
  metricsPort,
  yookassa,
  heleket,
  kie,
  telegram,
  ton,
  fragment,
}: Config): Record<string, number> {
  const { simulatorPort, simulatorUploadPort } = kie;
  return {
    api: api.port,
    metrics: metricsPort,
    yookassa: yookassa.simulatorPort,
    heleket: heleket.simulatorPort,
    kie: simulatorPort,
    uploads: simulatorUploadPort,
    telegram: telegram.simulatorPort,
    ton: ton.simulatorPort,
    fragment: fragment.simulatorPort,
  };
}

function readConfig(): { config: Config } | { problems: readonly ConfigProblem[] } {
  try {
    return { config: loadConfig() };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

function mistakes(problems: readonly ConfigProblem[]): Finding[] {
  return problems.map(({ name, problem, example }) => {
    return failure('configuration', `${name} ${problem}`, `for example ${name}=${example}`);
  });
}

const marks = { ok: pc.green('✔'), warning: pc.yellow('!'), failure: pc.red('✖') };

function describe({ name, status, detail, fix }: Finding): string {
  const line = `${marks[status]} ${name.padEnd(14)} ${detail}`;
  return fix === undefined ? line : `${line}\n  ${' '.repeat(14)} ${pc.dim(`→ ${fix}`)}`;
}
