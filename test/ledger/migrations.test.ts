import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { assetCodes } from '../../core/assets.ts';
import { legalMoves } from '../../core/flows/index.ts';
import { migrate } from '../../db/migrate.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { repositoryPath } from '../support/environment.ts';
import { silent } from '../support/log.ts';

describe('migrations', () => {
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.drop();
  });

  async function emptyDatabase(): Promise<TestDatabase> {
    const database = await createEmptyDatabase();
    databases.push(database);
    return database;
  }
  const run = ({ ownerUrl, url: appUrl }: TestDatabase, migrationsFolder?: string) =>
    migrate({ ownerUrl, appUrl, logger: silent, ...(migrationsFolder === undefined ? {} : { migrationsFolder }) });

  it('L14: applies every migration once; the second time there is nothing to do', async () => {
    const database = await emptyDatabase();
    const first = await run(database);
    assert.ok(first.applied.length >= 2);
    assert.equal(first.replaced, true);
    assert.deepEqual(await run(database), { applied: [], replaced: false });
  });

  it('L14: lets two processes that migrate at once wait for each other', async () => {
    const database = await emptyDatabase();
    const reports = await Promise.all([run(database), run(database), run(database)]);
    const worked = reports.filter((report) => report.applied.length > 0);
    assert.equal(worked.length, 1);
    assert.equal(reports.filter((report) => report.replaced).length, 1);
  });

  it('L14: leaves nothing of a migration that fails half-way, and goes on from there once it is mended', async () => {
    const database = await emptyDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-migrations-'));
    const second = join(folder, '0002_app-second.sql');
    await writeFile(join(folder, '0001_app-first.sql'), '-- First.\nCREATE TABLE public.one (id int);');
    await writeFile(second, '-- Second.\nCREATE TABLE public.two (id int);\nSELECT 1 / 0;');
    await assert.rejects(run(database, folder), /division by zero/);
    const tables = "SELECT relname FROM pg_class WHERE relname IN ('one', 'two') ORDER BY 1";
    assert.deepEqual(await names(database, tables), ['one']);
    await writeFile(second, '-- Second.\nCREATE TABLE public.two (id int);');
    // The tables of the ledger are missing here, so the functions that follow cannot be made.
    await assert.rejects(run(database, folder), /does not exist/);
    assert.deepEqual(await names(database, tables), ['one', 'two']);
    await rm(folder, { recursive: true });
  });

  it('replaces functions whole or not at all', async () => {
    const database = await emptyDatabase();
    await run(database);
    await execute(database, 'DROP FUNCTION ledger.reserve; DELETE FROM public.replaced_functions');
    assert.deepEqual(await run(database), { applied: [], replaced: true });
    const found =
      "SELECT proname AS relname FROM pg_proc WHERE proname = 'reserve' AND pronamespace = 'ledger'::regnamespace";
    assert.deepEqual(await names(database, found), ['reserve']);
  });

  it('knows the assets of core/assets.ts and no others', async () => {
    const database = await createTestDatabase();
    databases.push(database);
    const checks = await names(
      database,
      `SELECT conname || ' ' || pg_get_constraintdef(oid) AS relname FROM pg_constraint
       WHERE conname IN ('wallet_asset_check', 'account_asset_check')`,
    );
    assert.equal(checks.length, 2);
    for (const check of checks) {
      const codes = [...check.matchAll(/'([A-Z]+)'/g)].map((match) => match[1]);
      assert.deepEqual(codes.map(String).toSorted(), [...assetCodes].toSorted());
    }
  });

  it('knows the legal moves of core/flows and no others', async () => {
    const database = await createTestDatabase();
    databases.push(database);
    const stored = await names(
      database,
      "SELECT concat_ws(' ', flow, from_status, to_status) AS relname FROM app.legal_move",
    );
    const written = legalMoves().map(({ flow, from, to }) => `${flow} ${from} ${to}`);
    assert.deepEqual(stored.toSorted(), written.toSorted());
  });

  it('each say in a line what they are for', async () => {
    const folder = repositoryPath('db', 'migrations');
    for (const name of await readdir(folder)) {
      assert.match(await readFile(join(folder, name), 'utf8'), /^-- [A-Z].*\.\n/, name);
      assert.match(name, /^\d{4}_[a-z]+(-[a-z]+)*\.sql$/);
    }
  });
});

async function execute(database: TestDatabase, text: string): Promise<{ relname: string }[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query<{ relname: string }>(text)).rows;
  } finally {
    await client.end();
  }
}

async function names(database: TestDatabase, text: string): Promise<string[]> {
  return (await execute(database, text)).map((row) => row.relname);
}
