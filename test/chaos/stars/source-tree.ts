import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { migrate } from '../../../db/migrate.ts';
import { buildWorkflowBundle } from '../../../workers/bundle.ts';
import type { TestDatabase } from '../../support/database.ts';
import { repositoryFolder, testEnvironment, testHome } from '../../support/environment.ts';
import { silent } from '../../support/log.ts';
import type { Plant } from './plants.ts';

/** The sources that workers run: ours, or a copy with a planted bug. */
export interface SourceTree {
  readonly url: URL;
  /** Its workflows, bundled once for all its workers. */
  readonly bundlePath: string;
  /** Brings a database to this tree's functions. */
  migrate(database: Pick<TestDatabase, 'ownerUrl' | 'url'>): Promise<void>;
}

/** What a worker needs of the repository. */
const parts = [
  ...['activities', 'api', 'cli', 'core', 'db', 'gateway', 'ledger', 'locales', 'platform', 'providers'],
  ...['workers', 'workflows', 'package.json', 'catalogue.yaml'],
];

/** Our own tree. */
export async function ourTree(): Promise<SourceTree> {
  const url = pathToFileURL(`${repositoryFolder}/`);
  const bundlePath = testEnvironment().bundlePath ?? (await bundle(url, join(testHome(), 'chaos-workflows.js')));
  return { url, bundlePath, migrate: () => Promise.resolve() };
}

/** A copy of our tree with a bug in it. Rejects when a text that the bug replaces is not there exactly once. */
export async function plantedTree({ name, patches }: Plant): Promise<SourceTree> {
  const folder = join(testHome(), `planted-${name.replaceAll(' ', '-')}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(parts.map((part) => cp(join(repositoryFolder, part), join(folder, part), { recursive: true })));
  await symlink(join(repositoryFolder, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of patches) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    const found = text.split(from).length - 1;
    if (found !== 1) throw new Error(`"${name}" cannot be planted: ${file} has its text ${found} times:\n${from}`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }
  const url = pathToFileURL(`${folder}/`);
  return {
    url,
    bundlePath: await bundle(url, join(folder, 'workflows.js')),
    async migrate({ ownerUrl, url: appUrl }) {
      const planted = (await import(new URL('db/migrate.ts', url).href)) as { migrate: typeof migrate };
      await planted.migrate({ ownerUrl, appUrl, logger: silent });
    },
  };
}

async function bundle(tree: URL, path: string): Promise<string> {
  const { code } = await buildWorkflowBundle(fileURLToPath(new URL('workflows/index.ts', tree)));
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, code);
  return path;
}
