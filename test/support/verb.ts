import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoSecrets } from '../../cli/start/state.ts';
import type { TestDatabase } from './database.ts';
import { repositoryFolder, testEnvironment } from './environment.ts';

const run = promisify(execFile);

export interface VerbRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `holdfast <verb> ...` as a process of its own against a test's database. */
export async function runVerb(database: TestDatabase, ...parameters: readonly string[]): Promise<VerbRun> {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-verb-'));
  const urls = { DATABASE_URL: database.ownerUrl, APP_DATABASE_URL: database.url };
  const env = { ...testEnvironment().variables, ...demoSecrets(home), ...urls, HOLDFAST_HOME: home };
  try {
    const { stdout, stderr } = await run(process.execPath, ['cli/main.ts', ...parameters], {
      cwd: repositoryFolder,
      env,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as VerbRun;
    return { code, stdout, stderr };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
