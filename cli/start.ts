import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import {
  type Config,
  ConfigError,
  type EnvironmentVariables,
  parseConfig,
  processEnvironment,
} from '../platform/config.ts';
import { createLifecycle, type Lifecycle } from '../platform/lifecycle.ts';
import { createLogger } from '../platform/logger.ts';
import { buildPages } from '../webapp/build.ts';
import { tryLock } from './infrastructure/lock.ts';
import { configBeforeStart } from './start/before-start.ts';
import { describeBoard, makeBoard } from './start/board.ts';
import { runChild, startChild } from './start/children.ts';
import { type LaidGround, layGround } from './start/ground.ts';
import { choosePorts, demoSecrets, forgetRun, type Ports, readJson, stateFiles, writeJson } from './start/state.ts';
import { createSupervisor, endLeftChildren, type Supervisor } from './start/supervisor.ts';
import { examples, printLine, RefusalError } from './verb.ts';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Starts everything on this machine: database, Temporal, simulators, worker, API and bot.')
    .addHelpText('after', examples('npm start', 'PORT=9000 npm start', 'DATABASE_URL=postgres://... npm start'))
    .action(async () => {
      process.exitCode = await start(processEnvironment());
    });
}

/** Every start goes on from what the one before it left. */
const whatNow = 'Holdfast did not start. No data was lost: mend what is said above, then run `npm start` again.';

/** Runs until it is told to end; resolves with the exit code. */
async function start(variables: EnvironmentVariables): Promise<number> {
  const home = resolve(variables['HOLDFAST_HOME'] || '.holdfast');
  checkVariables(variables);
  takeHome(home);
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const logger = createLogger({ name: 'start', level: 'error', pretty: false });
  const lifecycle = createLifecycle({ logger, timeoutMs: 60_000, exit: end });
  lifecycle.onShutdown('home', () => {
    forgetRun(home);
    rmSync(join(home, stateFiles.lock), { force: true });
  });
  const supervisor = createSupervisor({ home, closing: lifecycle.closing, say: tell });
  lifecycle.onShutdown('parts', () => supervisor.stop());
  lifecycle.onShutdown('farewell', () => tell('ending'));
  await bringUp({ home, variables, supervisor, lifecycle }).catch((error: unknown) => {
    if (lifecycle.closing.aborted) return undefined;
    process.stderr.write(`${error instanceof RefusalError ? error.message : describe(error)}\n\n${whatNow}\n`);
    return lifecycle.shutdown('start failed', 1);
  });
  const code = await ended;
  process.exit(code);
}

interface Run {
  readonly home: string;
  readonly variables: EnvironmentVariables;
  readonly supervisor: Supervisor;
  readonly lifecycle: Lifecycle;
}

async function bringUp(run: Run): Promise<void> {
  const { home, variables, supervisor, lifecycle } = run;
  const step = createSteps(lifecycle);
  await endLeftChildren(home);
  const secrets = demoSecrets(home);
  const ports = await choosePorts(home, askedPorts(variables));
  const ground = await layGround({ home, ports, variables, supervisor, step });
  const environment = compose({ home, variables, secrets, ports, ground });
  const config = checked(environment);
  writeJson(join(home, stateFiles.environment), handedOver(environment, variables));
  await Promise.all([
    step('Mini App and sandbox', buildPages),
    step('migrations', () => runChild({ verb: 'migrate', environment, home })),
  ]);
  const keep = (verb: string, own: EnvironmentVariables): Promise<void> =>
    step(verb, () =>
      supervisor.keep(verb, firstWithFailpoints({ verb, home, environment: { ...environment, ...own } })),
    );
  await keep('simulators', {});
  await Promise.all([
    keep('worker', { METRICS_PORT: String(ports.workerMetrics) }),
    keep('api', { METRICS_PORT: String(ports.apiMetrics) }),
    keep('bot', { METRICS_PORT: String(ports.botMetrics) }),
  ]);
  if (lifecycle.closing.aborted) return;
  const board = makeBoard(config, ground, new Date());
  writeJson(join(home, stateFiles.board), board);
  printLine(describeBoard(board, config, ground));
}

/** A part that died at a failpoint is started again without it, or it would never get past. */
function firstWithFailpoints(options: { verb: string; home: string; environment: NodeJS.ProcessEnv }) {
  let lives = 0;
  return () => {
    lives += 1;
    const environment = lives === 1 ? options.environment : { ...options.environment, FAILPOINTS: '' };
    return startChild({ ...options, environment });
  };
}

function checkVariables(variables: EnvironmentVariables): void {
  if (variables['MODE'] === 'production') {
    throw new RefusalError(
      'MODE=production: `start` is for embedded mode; run `holdfast migrate`, then `holdfast worker` and `api`.',
    );
  }
  const result = configBeforeStart(variables);
  if (!result.ok) throw new ConfigError(result.problems);
}

/** The home belongs to one run at a time. */
function takeHome(home: string): void {
  mkdirSync(home, { recursive: true });
  const lock = tryLock(join(home, stateFiles.lock));
  if (lock.held) return;
  const board = readJson<{ api: string }>(join(home, stateFiles.board));
  const where = board === undefined ? 'it is still starting' : `its API is at ${board.api}`;
  throw new RefusalError(`Holdfast already runs from ${home} as process ${lock.holderPid}; ${where}.`);
}

function askedPorts(variables: EnvironmentVariables): Parameters<typeof choosePorts>[1] {
  const asked = {
    api: variables['PORT'],
    apiMetrics: variables['METRICS_PORT'],
    yookassa: variables['YOOKASSA_SIMULATOR_PORT'],
    heleket: variables['HELEKET_SIMULATOR_PORT'],
    kie: variables['KIE_SIMULATOR_PORT'],
    kieUploads: variables['KIE_SIMULATOR_UPLOAD_PORT'],
    telegram: variables['TELEGRAM_SIMULATOR_PORT'],
    ton: variables['TON_SIMULATOR_PORT'],
    fragment: variables['FRAGMENT_SIMULATOR_PORT'],
  };
  return Object.fromEntries(Object.entries(asked).flatMap(([name, port]) => (port ? [[name, Number(port)]] : [])));
}

interface Parts {
  readonly home: string;
  readonly variables: EnvironmentVariables;
  readonly secrets: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly ground: LaidGround;
}

/** What each of our processes is started with: what we made, over it what the person set, over it where things are. */
function compose({ home, variables, secrets, ports, ground }: Parts): NodeJS.ProcessEnv {
  return {
    ...secrets,
    LOG_PRETTY: 'false',
    ...set(variables),
    ...ground.environment,
    HOLDFAST_HOME: home,
    PORT: String(ports.api),
    YOOKASSA_SIMULATOR_PORT: String(ports.yookassa),
    HELEKET_SIMULATOR_PORT: String(ports.heleket),
    KIE_SIMULATOR_PORT: String(ports.kie),
    KIE_SIMULATOR_UPLOAD_PORT: String(ports.kieUploads),
    TELEGRAM_SIMULATOR_PORT: String(ports.telegram),
    TON_SIMULATOR_PORT: String(ports.ton),
    FRAGMENT_SIMULATOR_PORT: String(ports.fragment),
  };
}

/** What the verbs of another terminal need to find this run: all that we added or changed. */
function handedOver(environment: NodeJS.ProcessEnv, variables: EnvironmentVariables): Record<string, string> {
  const changed = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && variables[name] !== value,
  );
  return Object.fromEntries(changed.filter(([name]) => !['LOG_PRETTY', 'PORT'].includes(name))) as Record<
    string,
    string
  >;
}

function checked(environment: NodeJS.ProcessEnv): Config {
  const result = parseConfig(environment);
  if (!result.ok) throw new ConfigError(result.problems);
  return result.config;
}

function set(variables: EnvironmentVariables): EnvironmentVariables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
}

/** Each long step says what it does and, at its end, how long it took. */
function createSteps(lifecycle: Lifecycle) {
  return async <T>(name: string, work: (say: (line: string) => void) => Promise<T>): Promise<T> => {
    lifecycle.closing.throwIfAborted();
    const startedAt = performance.now();
    const result = await work((line) => tell(`${name}: ${line}`));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    printLine(`  ${pc.green('✔')} ${name} ${pc.dim(`${seconds} s`)}`);
    return result;
  };
}

function tell(line: string): void {
  printLine(`  ${pc.dim('·')} ${line}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
