import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import configuration from '../../.dependency-cruiser.mjs';
import { testHome } from '../support/environment.ts';

interface Plant {
  readonly rule: string;
  /** Files of a little tree that breaks this rule. */
  readonly files: Readonly<Record<string, string>>;
}

function importing(path: string, from: string): Plant['files'] {
  return { [path]: `import { thing } from '${from}';\nthing();\n` };
}

/** One tree for each rule. Imported files are made with it. */
const plants: readonly Plant[] = [
  { rule: 'core-imports', files: importing('core/planted.ts', '../platform/thing.ts') },
  { rule: 'platform-imports', files: importing('platform/planted.ts', '../db/thing.ts') },
  { rule: 'ledger-imports', files: importing('ledger/planted.ts', '../providers/thing.ts') },
  { rule: 'db-imports', files: importing('db/planted.ts', '../gateway/thing.ts') },
  { rule: 'providers-imports', files: importing('providers/planted.ts', '../db/thing.ts') },
  { rule: 'workflows-imports', files: importing('workflows/planted.ts', '../activities/thing.ts') },
  { rule: 'activities-imports', files: importing('activities/planted.ts', '../workflows/thing.ts') },
  { rule: 'gateway-imports', files: importing('gateway/planted.ts', '../workflows/thing.ts') },
  { rule: 'workers-imports', files: importing('workers/planted.ts', '../api/thing.ts') },
  { rule: 'api-imports', files: importing('api/planted.ts', '../ledger/ledger.ts') },
  { rule: 'api-imports', files: importing('api/other.ts', '../providers/kie/client.ts') },
  { rule: 'bot-imports', files: importing('bot/planted.ts', '../workflows/thing.ts') },
  { rule: 'webapp-imports', files: importing('webapp/planted.ts', '../platform/thing.ts') },
  { rule: 'webapp-types', files: importing('webapp/schemas.ts', '../core/http/thing.ts') },
  {
    rule: 'workflows-types',
    files: { 'workflows/typed.ts': "import type { thing } from '../db/thing.ts';\nexport type T = typeof thing;\n" },
  },
  {
    rule: 'gateway-types',
    files: { 'gateway/typed.ts': "import type { thing } from '../ledger/thing.ts';\nexport type T = typeof thing;\n" },
  },
  { rule: 'core-is-pure', files: importing('core/node.ts', 'node:fs') },
  { rule: 'core-no-library', files: importing('core/library.ts', 'zod') },
  { rule: 'workflows-are-deterministic', files: importing('workflows/node.ts', 'node:crypto') },
  { rule: 'workflows-are-deterministic', files: importing('workflows/client.ts', '@temporalio/client') },
  {
    rule: 'no-cycles',
    files: { 'db/one.ts': "import './two.ts';\n", 'db/two.ts': "import './one.ts';\n" },
  },
  { rule: 'no-unresolvable', files: importing('db/lost.ts', './nowhere.ts') },
  { rule: 'no-test-in-product', files: importing('platform/tested.ts', '../test/thing.ts') },
];

/** Imports that the table allows. */
const innocent: Plant['files'] = {
  ...importing('activities/planted.ts', '../ledger/thing.ts'),
  ...importing('api/planted.ts', '../providers/kie/inbound.ts'),
  ...importing('gateway/planted.ts', '../workflows/messages/thing.ts'),
  ...importing('workflows/engine.ts', '@temporalio/workflow'),
  'workflows/planted.ts': "import type { thing } from '../activities/thing.ts';\nexport type T = typeof thing;\n",
  'gateway/typed.ts': "import type { thing } from '../workflows/thing.ts';\nexport type T = typeof thing;\n",
};

const targets = [
  ...['core', 'platform', 'ledger', 'db', 'providers', 'workflows', 'activities', 'gateway', 'api', 'test'].map(
    (folder) => `${folder}/thing.ts`,
  ),
  'ledger/ledger.ts',
  'core/http/thing.ts',
  'providers/kie/client.ts',
  'providers/kie/inbound.ts',
  'workflows/messages/thing.ts',
];

/** The names of the rules that a little tree breaks. */
async function broken(files: Plant['files']): Promise<string[]> {
  const root = join(testHome(), 'planted-imports');
  rmSync(root, { recursive: true, force: true });
  for (const path of targets) write(root, path, 'export const thing = () => 1;\n');
  for (const [path, text] of Object.entries(files)) write(root, path, text);
  const { options, forbidden } = configuration;
  const settings: ICruiseOptions = { ...options, baseDir: root, validate: true, ruleSet: { forbidden } };
  delete settings.tsConfig;
  const folders = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  const { output } = await cruise(folders, settings);
  rmSync(root, { recursive: true, force: true });
  return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('the import table', function () {
  this.timeout(60_000);

  for (const { rule, files } of plants) {
    it(`${rule} catches ${Object.keys(files)[0]}`, async () => {
      assert.ok((await broken(files)).includes(rule));
    });
  }

  it('has a planted violation for each of its rules', () => {
    const proven = new Set(plants.map(({ rule }) => rule));
    assert.deepEqual(
      configuration.forbidden.map(({ name }) => name).filter((name) => !proven.has(name)),
      [],
    );
  });

  it('lets be what it allows', async () => {
    assert.deepEqual(await broken(innocent), []);
  });
});
