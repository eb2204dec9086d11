import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the test command hands to the suites; without it a test file starts what it needs by itself. */
export interface TestEnvironment {
  readonly databaseUrl: string | undefined;
  readonly applicationDatabaseUrl: string | undefined;
  readonly temporalAddress: string | undefined;
  readonly temporalCliPath: string | undefined;
  readonly bundlePath: string | undefined;
  /** True in `npm run test:long`. */
  readonly long: boolean;
  /** File that takes the counts of a suite. */
  readonly reportPath: string | undefined;
  readonly seed: string | undefined;
  readonly variables: NodeJS.ProcessEnv;
}

export const repositoryFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The only place of the tests that reads the environment. */
export function testEnvironment(): TestEnvironment {
  const variables = process.env;
  return {
    databaseUrl: variables['HOLDFAST_TEST_DATABASE_URL'],
    applicationDatabaseUrl: variables['HOLDFAST_TEST_APP_DATABASE_URL'],
    temporalAddress: variables['HOLDFAST_TEST_TEMPORAL_ADDRESS'],
    temporalCliPath: variables['TEMPORAL_CLI_PATH'],
    bundlePath: variables['HOLDFAST_TEST_BUNDLE'],
    long: variables['HOLDFAST_TEST_LONG'] === '1',
    reportPath: variables['HOLDFAST_TEST_REPORT'],
    seed: variables['HOLDFAST_TEST_SEED'],
    variables,
  };
}

/** The folder of one test run, for clusters and files that go away with it. */
export function testHome(): string {
  return join(repositoryFolder, '.holdfast', 'test', String(process.pid));
}

/** A path inside the repository that must exist. */
export function repositoryPath(...parts: string[]): string {
  const path = join(repositoryFolder, ...parts);
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  return path;
}
