import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { installTestRuntime } from './runtime.ts';

const version = '1.32.1';
const fetchTimeoutMs = 180_000;

export type TimeSkipping =
  | { readonly outcome: 'started'; readonly environment: TestWorkflowEnvironment }
  | { readonly outcome: 'missing'; readonly reason: string };

/**
 * A Temporal that skips idle time: the Java test server, from our cache or fetched by Maven. Where there is no Java, no
 * Maven or no network it says so, and its tests are skipped with that reason.
 */
export async function startTimeSkipping(): Promise<TimeSkipping> {
  if (!runs('java', '-version')) return { outcome: 'missing', reason: 'the time-skipping server needs Java' };
  const folder = join(homedir(), '.cache', 'holdfast', `temporal-test-server-${version}`);
  const problem = existsSync(folder) ? undefined : fetchServer(folder);
  if (problem !== undefined) return { outcome: 'missing', reason: problem };
  const script = join(folder, 'test-server.sh');
  const runServer = `exec java -cp '${folder}/*' io.temporal.testserver.TestServer "$@"`;
  writeFileSync(script, `#!/bin/sh\n${runServer}\n`);
  chmodSync(script, 0o755);
  await installTestRuntime();
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: script } },
  });
  return { outcome: 'started', environment };
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}

/** Fetches beside the place and renames when whole; answers what stood in the way. */
function fetchServer(folder: string): string | undefined {
  if (!runs('mvn', '--version')) return 'the time-skipping server is fetched with Maven, which is not here';
  mkdirSync(join(folder, '..'), { recursive: true });
  const half = mkdtempSync(`${folder}.half-`);
  try {
    writeFileSync(join(half, 'pom.xml'), pom);
    const run = spawnSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], {
      cwd: half,
      encoding: 'utf8',
      timeout: fetchTimeoutMs,
    });
    if (run.status !== 0)
      return `Maven could not fetch the time-skipping server: ${run.stdout.trim().split('\n')[0] ?? ''}`;
    if (readdirSync(join(half, 'lib')).length === 0) return 'Maven fetched nothing';
    if (!existsSync(folder)) renameSync(join(half, 'lib'), folder);
    return undefined;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>holdfast</groupId><artifactId>time-skipping</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version>
  </dependency></dependencies>
</project>
`;
