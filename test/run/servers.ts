import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../cli/infrastructure/postgres.ts';
import { findTemporalCli } from '../../cli/infrastructure/temporal-finder.ts';
import { startTemporal } from '../../cli/infrastructure/temporal.ts';
import { buildPages } from '../../webapp/build.ts';
import { writeWorkflowBundle } from '../../workers/bundle.ts';
import type { Need } from './plan.ts';

export interface SharedServers {
  /** Variables that tell the suites where things are. */
  readonly variables: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export interface ServersOptions {
  readonly home: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly onProgress: (line: string) => void;
}

/** Starts what a part of the run needs, once for all suites. */
export async function startShared(needs: ReadonlySet<Need>, options: ServersOptions): Promise<SharedServers> {
  const stops: (() => Promise<void>)[] = [];
  const variables: NodeJS.ProcessEnv = {};
  mkdirSync(options.home, { recursive: true });
  const parts: Promise<NodeJS.ProcessEnv>[] = [];
  if (needs.has('database')) parts.push(startDatabase(options, stops));
  if (needs.has('temporal')) parts.push(startTemporalServer(options, stops));
  if (needs.has('bundle')) parts.push(makeBundle(options));
  if (needs.has('webapp')) parts.push(buildPages().then(() => ({})));
  const settled = await Promise.allSettled(parts);
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((one) => one()));
    rmSync(options.home, { recursive: true, force: true });
  };
  const broken = settled.find((part) => part.status === 'rejected');
  if (broken) {
    await stop();
    throw broken.reason;
  }
  for (const part of settled) if (part.status === 'fulfilled') Object.assign(variables, part.value);
  return { variables, stop };
}

async function startDatabase({ home }: ServersOptions, stops: (() => Promise<void>)[]): Promise<NodeJS.ProcessEnv> {
  const server = await startPostgres({ home, port: 0, unsafe: true });
  stops.push(async () => {
    await server.stop();
    removePostgres(server);
  });
  return { HOLDFAST_TEST_DATABASE_URL: server.ownerUrl, HOLDFAST_TEST_APP_DATABASE_URL: server.applicationUrl };
}

async function startTemporalServer(
  options: ServersOptions,
  stops: (() => Promise<void>)[],
): Promise<NodeJS.ProcessEnv> {
  const { home, variables: environment, onProgress } = options;
  const cliPath = await findTemporalCli({ cliPath: environment['TEMPORAL_CLI_PATH'], environment, onProgress });
  const server = await startTemporal({ cliPath, home, port: 0, uiPort: 'none', environment, inMemory: true });
  stops.push(() => server.stop());
  return { HOLDFAST_TEST_TEMPORAL_ADDRESS: server.address, TEMPORAL_CLI_PATH: cliPath };
}

async function makeBundle({ home }: ServersOptions): Promise<NodeJS.ProcessEnv> {
  const path = join(home, 'workflow-bundle.js');
  await writeWorkflowBundle(path);
  return { HOLDFAST_TEST_BUNDLE: path };
}
