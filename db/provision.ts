import pg from 'pg';

export interface Provision {
  /** The superuser's connection to the database `postgres`. */
  readonly adminUrl: string;
  readonly database: string;
  readonly owner: { readonly name: string; readonly password: string };
  readonly application: { readonly name: string; readonly password: string };
}

/**
 * Makes the owner, the application's login and the database on a server of our own (embedded mode, tests). May be
 * repeated: what is there stays, passwords are set again.
 */
export async function provisionDatabase(provision: Provision): Promise<void> {
  const client = new pg.Client({ connectionString: provision.adminUrl });
  await client.connect();
  try {
    await ensureRole(client, provision.owner, 'LOGIN CREATEDB CREATEROLE');
    await ensureRole(client, provision.application, 'LOGIN NOCREATEDB NOCREATEROLE');
    await ensureDatabase(client, provision.database, provision.owner.name);
    await client.query(
      `GRANT ${quote(provision.application.name)} TO ${quote(provision.owner.name)} WITH ADMIN OPTION`,
    );
  } finally {
    await client.end();
  }
}

/** The major version of a server. */
export async function serverVersion(client: pg.Client): Promise<number> {
  const answer = await client.query<{ server_version_num: string }>('SHOW server_version_num');
  return Math.floor(Number(answer.rows[0]?.server_version_num ?? 0) / 10_000);
}

async function ensureRole(client: pg.Client, role: { name: string; password: string }, rights: string): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  const password = pg.escapeLiteral(role.password);
  await client.query(`${verb} ROLE ${quote(role.name)} ${rights} PASSWORD ${password}`);
}

async function ensureDatabase(client: pg.Client, database: string, owner: string): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) await client.query(`CREATE DATABASE ${quote(database)} OWNER ${quote(owner)}`);
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
