import { execFileSync } from 'node:child_process';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import pg from 'pg';

/** Where figures were taken. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly postgres: string;
  readonly temporal: string;
  /** One-minute load before the first run: what else the machine was doing. */
  readonly loadBefore: number;
}

export interface MachineParts {
  readonly databaseUrl?: string;
  readonly temporalCliPath?: string;
}

/** The facts that a figure means nothing without. */
export async function readMachine(parts: MachineParts): Promise<Machine> {
  const [first] = cpus();
  return {
    system: `${platform()} ${arch()}`,
    processor: first?.model.trim() || 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgres: parts.databaseUrl === undefined ? 'not used' : await postgresVersion(parts.databaseUrl),
    temporal: parts.temporalCliPath === undefined ? 'not used' : temporalVersion(parts.temporalCliPath),
    loadBefore: loadavg()[0] ?? 0,
  };
}

async function postgresVersion(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const answer = await client.query<{ version: string; commits: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('synchronous_commit') AS commits",
    );
    const [row] = answer.rows;
    return `${row?.version ?? 'unknown'}, synchronous_commit=${row?.commits ?? 'unknown'}`;
  } finally {
    await client.end();
  }
}

function temporalVersion(cliPath: string): string {
  const text = execFileSync(cliPath, ['--version'], { encoding: 'utf8' });
  return text.trim().replace(/^temporal version /, 'CLI ');
}
