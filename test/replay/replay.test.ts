import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildWorkflowBundle } from '../../workers/bundle.ts';
import { testEnvironment } from '../support/environment.ts';
import {
  bundleWithRecorder,
  type Commands,
  commandsOf,
  hashOf,
  listPath,
  readHistories,
  type RecordedHistory,
  replay,
  snapshotPath,
} from './histories.ts';
import { paths } from './paths.ts';
import { starPaths } from './star-paths.ts';

const readJson = async <T>(path: string) => JSON.parse(await readFile(path, 'utf8')) as T;
const mutant = (name: string) => fileURLToPath(new URL(`./mutants/${name}.ts`, import.meta.url));

describe('S25: recorded histories', () => {
  let histories: RecordedHistory[];
  before(async () => {
    histories = await readHistories();
  });

  it('are there for each path of each workflow, and none was edited', async () => {
    const listed = await readJson<Record<string, string>>(listPath);
    assert.deepEqual(Object.fromEntries(histories.map(({ file, text }) => [file, hashOf(text)])), listed);
    const wanted = Object.entries({ ...paths, ...starPaths }).flatMap(([workflow, byName]) =>
      Object.keys(byName).map((name) => `${workflow}.${name}`),
    );
    const found = new Set(histories.map(({ file }) => file.split('.').slice(0, 2).join('.')));
    assert.deepEqual(
      wanted.filter((path) => !found.has(path)),
      [],
    );
  });

  it('carry the flags of the SDK that wrote them, without which a replay sees little', () => {
    for (const { file, text } of histories) assert.match(text, /langUsedFlags|coreUsedFlags/, file);
  });

  it('replay with the production bundle', async () => {
    const { bundlePath } = testEnvironment();
    const bundle = bundlePath === undefined ? { code: (await buildWorkflowBundle()).code } : { codePath: bundlePath };
    for (const recorded of histories) {
      await replay(bundle, recorded).catch((error: unknown) => assert.fail(`${recorded.file}: ${String(error)}`));
    }
  }).timeout(120_000);

  it('ask for the same steps with the same keys and amounts as ever', async () => {
    const code = await bundleWithRecorder();
    const snapshot = await readJson<Record<string, Commands>>(snapshotPath);
    for (const recorded of histories) {
      assert.deepEqual(await commandsOf(code, recorded), snapshot[recorded.file], recorded.file);
    }
  }).timeout(120_000);

  for (const name of ['timer-added', 'steps-removed']) {
    it(`are rejected by the mutant ${name}, each of them`, async () => {
      const code = await bundleWithRecorder(mutant(name));
      for (const recorded of histories) {
        await assert.rejects(replay({ code }, recorded), { name: 'DeterminismViolationError' }, recorded.file);
      }
    }).timeout(120_000);
  }

  it('replay with the mutant that charges more, and the comparison of commands finds it', async () => {
    const code = await bundleWithRecorder(mutant('dearer'));
    const snapshot = await readJson<Record<string, Commands>>(snapshotPath);
    const charged = histories.filter(({ file }) =>
      /^(generation\.delivered|topup\.credited|starPurchase\.delivered)/.test(file),
    );
    assert.ok(charged.length >= 4);
    for (const recorded of charged) {
      await replay({ code }, recorded);
      assert.notDeepEqual(await commandsOf(code, recorded), snapshot[recorded.file], recorded.file);
    }
  }).timeout(60_000);
});
