import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../db/migrate.ts';
import { createLogger } from '../../platform/logger.ts';
import { repositoryFolder } from './environment.ts';
import { eventually } from './eventually.ts';
import { testInfrastructure } from './infrastructure.ts';

export interface TestDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  /** The application's login in this database. */
  readonly url: string;
  /** Removes the database; fails when a pool was left open on it. */
  drop(): Promise<void>;
}

const templateLock = 7_305_808_868_114_002n;
const templatePrefix = 'holdfast_template_';
const schemaFolders = ['db/migrations', 'ledger/sql', 'db/flows', 'core/flows'];

/** A database of one test file: a copy of the migrated template, made in a few hundred ms. Drop it after the file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await testInfrastructure.database();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const urls = { ownerUrl: withDatabase(server.ownerUrl, name), url: withDatabase(server.applicationUrl, name) };
  await withClient(server.ownerUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const template = await ensureTemplate(client, server);
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

/**
 * Under the template's lock: several test processes share one server, and the first makes the template of this
 * schema.
 */
async function ensureTemplate(
  client: pg.Client,
  server: { ownerUrl: string; applicationUrl: string },
): Promise<string> {
  const template = `${templatePrefix}${await schemaHash()}`;
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (found.rowCount === 1) return template;
  const half = `${templatePrefix}half`;
  await client.query(`DROP DATABASE IF EXISTS ${half} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${half}`);
  await migrate({
    ownerUrl: withDatabase(server.ownerUrl, half),
    appUrl: withDatabase(server.applicationUrl, half),
    logger: createLogger({ name: 'template', level: 'warn', pretty: false }),
  });
  await client.query(`ALTER DATABASE ${half} RENAME TO ${template}`);
  return template;
}

/** A server that is kept between runs must not hand out yesterday's schema. */
async function schemaHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of schemaFolders) {
    const path = join(repositoryFolder, folder);
    for (const name of (await readdir(path)).toSorted()) hash.update(name).update(await readFile(join(path, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function dropDatabase(ownerUrl: string, name: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    try {
      await expectNobodyConnected(client, name);
    } catch (error) {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      throw error;
    }
    // Without force: that asks for the right to end the server's own processes, and one may be cleaning up here.
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
  });
}

/** A pool that a test file forgot is a fault of the file. A closed socket takes the server a moment to see. */
async function expectNobodyConnected(client: pg.Client, name: string): Promise<void> {
  let names: string[] = [];
  const isFree = async () => {
    const found = await client.query<{ application_name: string }>(
      "SELECT application_name FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
      [name],
    );
    names = found.rows.map((row) => row.application_name || 'an unnamed client');
    return names.length === 0;
  };
  try {
    await eventually(isFree, { withinMs: 5_000, everyMs: 20 });
  } catch (error) {
    throw new Error(`connections to ${name} were left open by: ${names.join(', ')}`, { cause: error });
  }
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
