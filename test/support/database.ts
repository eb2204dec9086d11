import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../db/migrate.ts';
import { createLogger } from '../../platform/logger.ts';
import { testInfrastructure } from './infrastructure.ts';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  /** The application's login in this database. */
  readonly url: string;
  drop(): Promise<void>;
}

const templateLock = 7_305_808_868_114_002n;
const template = 'holdfast_template';

/** A database of one test file: a copy of the migrated template, made in a few hundred ms. Drop it after the file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await testInfrastructure.database();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const urls = { ownerUrl: withDatabase(server.ownerUrl, name), url: withDatabase(server.applicationUrl, name) };
  await withClient(server.ownerUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    await ensureTemplate(client, server);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return { name, ...urls, drop: () => dropDatabase(server.ownerUrl, name) };
}

/** An empty database, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = await testInfrastructure.database();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(server.ownerUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  const [ownerUrl, url] = [withDatabase(server.ownerUrl, name), withDatabase(server.applicationUrl, name)];
  return { name, ownerUrl, url, drop: () => dropDatabase(server.ownerUrl, name) };
}

/** Under the template's lock: several test processes share one server, and the first makes the template. */
async function ensureTemplate(client: pg.Client, server: { ownerUrl: string; applicationUrl: string }): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (found.rowCount === 1) return;
  const half = `${template}_half`;
  await client.query(`DROP DATABASE IF EXISTS ${half} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${half}`);
  await migrate({
    ownerUrl: withDatabase(server.ownerUrl, half),
    appUrl: withDatabase(server.applicationUrl, half),
    logger: createLogger({ name: 'template', level: 'warn', pretty: false }),
  });
  await client.query(`ALTER DATABASE ${half} RENAME TO ${template}`);
}

async function dropDatabase(ownerUrl: string, name: string): Promise<void> {
  await withClient(ownerUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}
