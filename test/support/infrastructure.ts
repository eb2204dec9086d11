import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive } from '../../cli/infrastructure/processes.ts';
import { removePostgres, startPostgres } from '../../cli/infrastructure/postgres.ts';
import { findTemporalCli } from '../../cli/infrastructure/temporal-finder.ts';
import { startTemporal } from '../../cli/infrastructure/temporal.ts';
import { testEnvironment, testHome } from './environment.ts';

export interface TestDatabaseServer {
  /** The owner of the database `holdfast`; may make databases. */
  readonly ownerUrl: string;
  /** The application role in the same database. */
  readonly applicationUrl: string;
}

export interface TestTemporal {
  readonly address: string;
  readonly namespace: string;
}

/**
 * What a test run shares. Each part is handed over by the test command, or started at the first wish and ended after
 * the last test (`test/support/hooks.ts`), so that one file can be run by mocha alone.
 */
export interface TestInfrastructure {
  database(): Promise<TestDatabaseServer>;
  temporal(): Promise<TestTemporal>;
  stop(): Promise<void>;
}

function createTestInfrastructure(): TestInfrastructure {
  const environment = testEnvironment();
  const stops: (() => Promise<void>)[] = [];
  let database: Promise<TestDatabaseServer> | undefined;
  let temporal: Promise<TestTemporal> | undefined;

  async function makeDatabase(): Promise<TestDatabaseServer> {
    const { databaseUrl: ownerUrl, applicationDatabaseUrl: applicationUrl } = environment;
    if (ownerUrl !== undefined && applicationUrl !== undefined) return { ownerUrl, applicationUrl };
    const server = await startPostgres({ home: freshHome(), port: 0, unsafe: true });
    stops.push(async () => {
      await server.stop();
      removePostgres(server);
    });
    return server;
  }

  async function makeTemporal(): Promise<TestTemporal> {
    if (environment.temporalAddress !== undefined)
      return { address: environment.temporalAddress, namespace: 'default' };
    const { variables, temporalCliPath: cliPath } = environment;
    const found = await findTemporalCli({ cliPath, environment: variables, onProgress: (line) => console.log(line) });
    const server = await startTemporal({
      cliPath: found,
      home: freshHome(),
      port: 0,
      uiPort: 'none',
      environment: variables,
      inMemory: true,
    });
    stops.push(() => server.stop());
    return { address: server.address, namespace: 'default' };
  }

  return {
    database: () => (database ??= makeDatabase()),
    temporal: () => (temporal ??= makeTemporal()),
    stop: async () => {
      for (const stop of stops.splice(0).toReversed()) await stop();
      rmSync(testHome(), { recursive: true, force: true });
    },
  };
}

/** What all test files of one process share. */
export const testInfrastructure = createTestInfrastructure();

/** Makes the folder of this run and clears those of runs that were killed. */
function freshHome(): string {
  const home = testHome();
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(dirname(home))) {
    if (!isAlive(Number(name))) rmSync(join(dirname(home), name), { recursive: true, force: true });
  }
  return home;
}
