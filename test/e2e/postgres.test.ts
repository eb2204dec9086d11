import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { postgresUser } from '../../cli/infrastructure/postgres-user.ts';
import { type PostgresServer, removePostgres, startPostgres } from '../../cli/infrastructure/postgres.ts';
import { isAlive, sendSignal } from '../../cli/infrastructure/processes.ts';
import { repositoryPath } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { skip } from '../support/skip.ts';
import { newHome } from '../support/whole-stack.ts';

async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Processes that a test started, for its end. */
const started: number[] = [];

/** Starts a server from a process of its own, which can then be killed. */
async function startElsewhere(home: string): Promise<{ parent: number; guard: number; server: number }> {
  const program = `
    import { startPostgres } from '${repositoryPath('cli', 'infrastructure', 'postgres.ts')}';
    const server = await startPostgres({ home: '${home}', port: 0, unsafe: true });
    console.log(JSON.stringify({ guard: server.guardPid, data: server.folders.data }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child.pid ?? 0);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { guard, data } = JSON.parse(line.toString()) as { guard: number; data: string };
  return { parent: child.pid ?? 0, guard, server: serverPid(data) };
}

function serverPid(data: string): number {
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

describe('embedded PostgreSQL', function () {
  this.timeout(60_000);
  let home = '';
  let server: PostgresServer | undefined;

  beforeEach(() => {
    home = newHome();
  });

  afterEach(async () => {
    for (const pid of started.splice(0)) sendSignal(pid, 'SIGKILL');
    await server?.stop();
    if (server) removePostgres(server);
    server = undefined;
    rmSync(home, { recursive: true, force: true });
  });

  it('is PostgreSQL 18 on the loopback address, with an owner and a login of the application', async () => {
    server = await startPostgres({ home, port: 0, unsafe: true });
    assert.deepEqual(
      await ask(server.ownerUrl, "SELECT current_user, current_setting('server_version_num')::int / 10000 AS version"),
      [{ current_user: 'holdfast', version: 18 }],
    );
    const addresses = await ask(server.adminUrl, "SELECT current_setting('listen_addresses') AS on");
    assert.deepEqual(addresses, [{ on: '127.0.0.1' }]);
    const rights = 'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user';
    assert.deepEqual(await ask(server.applicationUrl, rights), [
      { rolsuper: false, rolcreatedb: false, rolcreaterole: false },
    ]);
  });

  it('ends with its parent, even one that is killed by kill -9', async () => {
    const { parent, server: pid } = await startElsewhere(home);
    sendSignal(parent, 'SIGKILL');
    await eventually(() => !isAlive(pid), { withinMs: 10_000 });
  });

  it('takes over from a server that nobody holds any more', async () => {
    const left = await startElsewhere(home);
    sendSignal(left.guard, 'SIGKILL');
    sendSignal(left.parent, 'SIGKILL');
    assert.ok(isAlive(left.server));
    server = await startPostgres({ home, port: 0, unsafe: true });
    assert.ok(!isAlive(left.server));
    assert.equal((await ask(server.ownerUrl, 'SELECT 1 AS one')).length, 1);
  });

  it('starts with its data after a kill -9 of everything, whoever has the id of the dead server now', async () => {
    const first = await startPostgres({ home, port: 0 });
    await ask(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pidFile = join(first.folders.data, 'postmaster.pid');
    const stale = readFileSync(pidFile, 'utf8');
    sendSignal(-first.guardPid, 'SIGKILL');
    await first.exited;
    writeFileSync(pidFile, stale.replace(/^\d+/, String(process.pid)));
    server = await startPostgres({ home, port: 0 });
    assert.deepEqual(await ask(server.ownerUrl, 'SELECT answer FROM kept'), [{ answer: 42 }]);
  });

  it('throws away half an initdb', async () => {
    mkdirSync(join(home, 'postgres'), { recursive: true });
    writeFileSync(join(home, 'postgres', 'PG_VERSION'), '18');
    server = await startPostgres({ home, port: 0, unsafe: true });
    assert.equal((await ask(server.ownerUrl, 'SELECT 1 AS one')).length, 1);
  });

  it('stands under /var/lib when its user cannot reach the home', async function () {
    const user = postgresUser();
    if (!user) return skip(this, 'only root runs the server as another user');
    const unreachable = join(home, 'private');
    mkdirSync(unreachable);
    chmodSync(home, 0o700);
    server = await startPostgres({ home: unreachable, port: 0, unsafe: true });
    assert.match(server.folders.data, /^\/var\/lib\/holdfast-[0-9a-f]{12}\//);
    assert.equal(server.folders.elsewhere, server.folders.data.split('/').slice(0, 4).join('/'));
    assert.ok(!existsSync(join(unreachable, 'postgres')));
    assert.equal((await ask(server.ownerUrl, 'SELECT 1 AS one')).length, 1);
  });
});
