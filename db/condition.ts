import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { serverVersion } from './provision.ts';

/** What an operator asks of a database before anything runs on it. */
export interface DatabaseCondition {
  /** The major version of the server. */
  readonly version: number;
  /** Migrations of this version of the code that the database has not seen. */
  readonly pending: readonly string[];
  /** Whether this login may change the ledger's tables by itself, as only the owner may. */
  readonly mayWriteLedger: boolean;
}

/** Connects with a login of its own and looks; throws when the database cannot be reached. */
export async function readDatabaseCondition(url: string): Promise<DatabaseCondition> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const applied = await appliedMigrations(client);
    const known = await knownMigrations();
    return {
      version: await serverVersion(client),
      pending: known.filter((name) => !applied.has(name)),
      mayWriteLedger: applied.size > 0 && (await mayWriteLedger(client)),
    };
  } finally {
    await client.end();
  }
}

async function knownMigrations(): Promise<string[]> {
  const names = await readdir(fileURLToPath(new URL('./migrations', import.meta.url)));
  return names
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace(/\.sql$/, ''))
    .sort();
}

async function appliedMigrations(client: pg.Client): Promise<Set<string>> {
  const table = await client.query<{ found: string | null }>("SELECT to_regclass('public.migration') AS found");
  if (table.rows[0]?.found === null) return new Set();
  const may = await client.query<{ may: boolean }>("SELECT has_table_privilege('public.migration', 'SELECT') AS may");
  if (may.rows[0]?.may !== true) return new Set(await knownMigrations());
  const rows = await client.query<{ name: string }>('SELECT name FROM public.migration');
  return new Set(rows.rows.map(({ name }) => name));
}

async function mayWriteLedger(client: pg.Client): Promise<boolean> {
  const answer = await client.query<{ may: boolean }>(`
    SELECT coalesce(bool_or(has_table_privilege(oid, 'INSERT')), false) AS may
    FROM pg_class WHERE relnamespace = to_regnamespace('ledger') AND relkind = 'r'`);
  return answer.rows[0]?.may ?? false;
}
