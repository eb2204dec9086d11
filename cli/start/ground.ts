import { join } from 'node:path';
import pg from 'pg';
import { serverVersion } from '../../db/provision.ts';
import { writeWorkflowBundle } from '../../workers/bundle.ts';
import type { EnvironmentVariables } from '../../platform/config.ts';
import { type PostgresServer, startPostgres } from '../infrastructure/postgres.ts';
import { findTemporalCli } from '../infrastructure/temporal-finder.ts';
import { startTemporal, type TemporalServer } from '../infrastructure/temporal.ts';
import { RefusalError } from '../verb.ts';
import type { Ground } from './board.ts';
import { type Ports, stateFiles } from './state.ts';
import type { Supervisor } from './supervisor.ts';
import { watchTemporal } from './temporal-watch.ts';

export interface GroundOptions {
  readonly home: string;
  readonly ports: Ports;
  readonly variables: EnvironmentVariables;
  readonly supervisor: Supervisor;
  readonly step: <T>(name: string, work: (tell: (line: string) => void) => Promise<T>) => Promise<T>;
}

/** What our processes stand on, and the variables that tell them so. */
export interface LaidGround extends Ground {
  readonly environment: Record<string, string>;
}

const postgresVersionMin = 15;

/** Starts (or finds) database and Temporal and bundles the workflows, all at once. */
export async function layGround(options: GroundOptions): Promise<LaidGround> {
  const bundlePath = join(options.home, stateFiles.bundle);
  const [database, temporal] = await Promise.all([
    layDatabase(options),
    layTemporal(options),
    options.step('workflow bundle', () => writeWorkflowBundle(bundlePath)),
  ]);
  return {
    ...database.facts,
    ...temporal.facts,
    ownBot: (options.variables['BOT_TOKEN'] ?? '') === '',
    environment: { ...database.environment, ...temporal.environment, WORKFLOW_BUNDLE_PATH: bundlePath },
  };
}

async function layDatabase({ home, ports, variables, supervisor, step }: GroundOptions) {
  const given = variables['DATABASE_URL'];
  if (given) {
    await step('your PostgreSQL', () => checkDatabase(given));
    const facts = { databaseUrl: given, ownDatabase: false, databaseFolder: undefined };
    return { facts, environment: { DATABASE_URL: given } };
  }
  let server: PostgresServer | undefined;
  await step('PostgreSQL 18', (tell) =>
    supervisor.keep('postgres', async () => {
      server = await startPostgres({ home, port: ports.database, onProgress: tell });
      return { pid: server.guardPid, exited: server.exited, stop: server.stop };
    }),
  );
  if (!server) throw new Error('PostgreSQL was not started');
  const facts = { databaseUrl: server.ownerUrl, ownDatabase: true, databaseFolder: server.folders.elsewhere };
  return { facts, environment: { DATABASE_URL: server.ownerUrl, APP_DATABASE_URL: server.applicationUrl } };
}

async function checkDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const version = await serverVersion(client);
    if (version < postgresVersionMin)
      throw new Error(`it is version ${version}; ${postgresVersionMin} or later is needed`);
  } catch (error) {
    throw new RefusalError(`DATABASE_URL cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await client.end();
  }
}

async function layTemporal({ home, ports, variables, supervisor, step }: GroundOptions) {
  const given = variables['TEMPORAL_ADDRESS'];
  if (given) {
    const temporalUi = variables['TEMPORAL_UI_URL'] || undefined;
    return { facts: { temporalAddress: given, temporalUi }, environment: { TEMPORAL_ADDRESS: given } };
  }
  const cliPath = await step('temporal command', (tell) =>
    findTemporalCli({ cliPath: variables['TEMPORAL_CLI_PATH'] || undefined, environment: variables, onProgress: tell }),
  );
  let server: TemporalServer | undefined;
  const namespace = variables['TEMPORAL_NAMESPACE'] || 'default';
  await step('Temporal', (say) =>
    supervisor.keep('temporal', async () => {
      const { temporal: port, temporalUi: uiPort } = ports;
      server = await startTemporal({ cliPath, home, port, uiPort, namespace, environment: variables });
      void watchTemporal(server, { namespace, say });
      return { pid: server.guardPid, exited: server.exited, stop: server.stop };
    }),
  );
  if (!server) throw new Error('Temporal was not started');
  const environment = {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: namespace,
    ...(server.uiUrl === undefined ? {} : { TEMPORAL_UI_URL: server.uiUrl }),
  };
  const facts = { temporalAddress: server.address, temporalUi: server.uiUrl };
  return { facts, environment };
}
