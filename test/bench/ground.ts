import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type PostgresServer, removePostgres, startPostgres } from '../../cli/infrastructure/postgres.ts';
import { isAlive } from '../../cli/infrastructure/processes.ts';
import { findTemporalCli } from '../../cli/infrastructure/temporal-finder.ts';
import { startTemporal, type TemporalServer } from '../../cli/infrastructure/temporal.ts';
import { migrate } from '../../db/migrate.ts';
import { processEnvironment } from '../../platform/config.ts';
import { repositoryFolder } from '../support/environment.ts';
import { silent } from '../support/log.ts';

/** One database on the bench's server. */
export interface BenchDatabase {
  readonly name: string;
  /** The owner of the schemas, for filling. */
  readonly ownerUrl: string;
  /** The application's login, which the benches use. */
  readonly url: string;
}

/** The servers of one bench. Both sides of every comparison stand on the same ones, with the same settings. */
export interface BenchGround {
  readonly home: string;
  /** Fresh and migrated, or a copy of one that nobody is connected to. */
  database(name: string, copyOf?: BenchDatabase): Promise<BenchDatabase>;
  postgres(): Promise<PostgresServer>;
  temporal(): Promise<TemporalServer>;
  /** The command that Temporal is started with. */
  temporalCli(): Promise<string>;
  /** What is told to whoever waits. */
  tell(line: string): void;
  /** Closes what was added last first, then the servers. */
  onStop(stop: () => Promise<void>): void;
  stop(): Promise<void>;
}

/** Starts what is asked for, at the first wish. */
export function createGround(tell: (line: string) => void): BenchGround {
  const home = freshHome();
  const stops: (() => Promise<void>)[] = [];
  let postgres: Promise<PostgresServer> | undefined;
  let temporal: Promise<TemporalServer> | undefined;

  async function makePostgres(): Promise<PostgresServer> {
    const server = await startPostgres({ home, port: 0, onProgress: tell });
    stops.unshift(async () => {
      await server.stop();
      removePostgres(server);
    });
    return server;
  }

  const environment = processEnvironment();
  function temporalCli(): Promise<string> {
    return findTemporalCli({ cliPath: environment['TEMPORAL_CLI_PATH'] || undefined, environment, onProgress: tell });
  }

  async function makeTemporal(): Promise<TemporalServer> {
    const server = await startTemporal({ cliPath: await temporalCli(), home, port: 0, uiPort: 'none', environment });
    stops.unshift(() => server.stop());
    return server;
  }

  const ground: BenchGround = {
    home,
    tell,
    postgres: () => (postgres ??= makePostgres()),
    temporal: () => (temporal ??= makeTemporal()),
    temporalCli,
    async database(name, copyOf) {
      const server = await ground.postgres();
      const urls = { ownerUrl: at(server.ownerUrl, name), url: at(server.applicationUrl, name) };
      await execute(
        server.ownerUrl,
        `CREATE DATABASE ${name}${copyOf === undefined ? '' : ` TEMPLATE ${copyOf.name}`}`,
      );
      if (copyOf === undefined) await migrate({ ownerUrl: urls.ownerUrl, appUrl: urls.url, logger: silent });
      return { name, ...urls };
    },
    onStop: (stop) => stops.push(stop),
    async stop() {
      for (const stop of stops.splice(0).toReversed()) await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return ground;
}

/** Runs one statement as somebody. */
export async function execute(connectionString: string, statement: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}

function at(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** The folder of this run; those of runs that were killed are cleared. */
function freshHome(): string {
  const home = join(repositoryFolder, '.holdfast', 'bench', String(process.pid));
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(dirname(home))) {
    if (!isAlive(Number(name))) rmSync(join(dirname(home), name), { recursive: true, force: true });
  }
  return home;
}
