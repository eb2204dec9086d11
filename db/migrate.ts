import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { legalMoves } from '../core/flows/index.ts';
import type { Logger } from '../platform/logger.ts';

export interface MigrateOptions {
  /** The owner of the schemas. */
  readonly ownerUrl: string;
  /** The application's own login; it is made a member of `holdfast_app`. Absent: the owner serves as both. */
  readonly appUrl?: string;
  readonly logger: Logger;
  /** Another folder of versioned migrations, for tests of failing ones. */
  readonly migrationsFolder?: string;
}

export interface MigrateReport {
  readonly applied: readonly string[];
  /** Whether functions and views were replaced. */
  readonly replaced: boolean;
}

const lockKey = 7_305_808_868_114_001n;
const folders = { migrations: './migrations', ledger: '../ledger/sql', flows: './flows' };

/**
 * Brings the database to this version: tables by numbered migrations that only go forward, then functions, views,
 * grants and the table of legal moves, which are replaced whole whenever their text changes. Two processes at once wait
 * for each other; each migration is one transaction.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateReport> {
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'holdfast-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
    await ensureRole(client, options);
    const applied = await runner({
      dbClient: client,
      dir: options.migrationsFolder ?? here(folders.migrations),
      direction: 'up',
      migrationsTable: 'migration',
      migrationsSchema: 'public',
      checkOrder: true,
      advisoryLockMode: 'wait',
      singleTransaction: false,
      logger: quietly(options.logger),
    });
    const replaced = await replaceFunctions(client);
    const names = applied.map((migration) => migration.name);
    options.logger.info({ applied: names, replaced }, 'database migrated');
    return { applied: names, replaced };
  } finally {
    await client.end();
  }
}

async function ensureRole(client: pg.Client, options: MigrateOptions): Promise<void> {
  await client.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'holdfast_app') THEN
        CREATE ROLE holdfast_app NOLOGIN;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$`);
  const appUser = options.appUrl === undefined ? '' : decodeURIComponent(new URL(options.appUrl).username);
  const ownerUser = decodeURIComponent(new URL(options.ownerUrl).username);
  if (appUser === '' || appUser === ownerUser) return;
  await client.query(`GRANT holdfast_app TO ${client.escapeIdentifier(appUser)}`);
}

/** Replaces functions, views and grants in one transaction, when their text is not what was applied last. */
async function replaceFunctions(client: pg.Client): Promise<boolean> {
  const text = [await readFolder(here(folders.ledger)), legalMovesSql(), await readFolder(here(folders.flows))].join(
    '\n',
  );
  const hash = createHash('sha256').update(text).digest('hex');
  await client.query(
    'CREATE TABLE IF NOT EXISTS public.replaced_functions (hash text NOT NULL, at timestamptz NOT NULL)',
  );
  const last = await client.query<{ hash: string }>(
    'SELECT hash FROM public.replaced_functions ORDER BY at DESC LIMIT 1',
  );
  if (last.rows[0]?.hash === hash) return false;
  await client.query('BEGIN');
  try {
    await client.query(text);
    await client.query('INSERT INTO public.replaced_functions VALUES ($1, clock_timestamp())', [hash]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  return true;
}

function legalMovesSql(): string {
  const rows = legalMoves().map(({ flow, from, to }) => `('${flow}', '${from}', '${to}')`);
  return `DELETE FROM app.legal_move;\nINSERT INTO app.legal_move VALUES ${rows.join(', ')};`;
}

async function readFolder(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  return texts.join('\n');
}

function here(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

function quietly(logger: Logger): {
  info(m: string): void;
  warn(m: string): void;
  error(m: string): void;
  debug(m: string): void;
} {
  return {
    debug: (message) => logger.debug(message),
    info: (message) => logger.debug(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  };
}
