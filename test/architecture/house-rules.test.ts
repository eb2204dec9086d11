import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';
import * as form from './rules/form.ts';
import * as places from './rules/places.ts';
import type { Rule, SourceText } from './rules/rule.ts';
import * as size from './rules/size.ts';

const rules: readonly Rule[] = [...Object.values(size), ...Object.values(form), ...Object.values(places)];

/** Every source file of ours. */
function tree(): SourceText[] {
  const skipped = ['node_modules', '.git', '.holdfast', 'coverage'];
  const folders = readdirSync(repositoryFolder, { withFileTypes: true }).filter(
    (entry) => !skipped.includes(entry.name),
  );
  return folders
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(entry.name) : [entry.name]))
    .filter((path) => /\.(ts|mjs|sql)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(repositoryFolder, path), 'utf8') }));
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(join(repositoryFolder, folder), { recursive: true, encoding: 'utf8' });
  return entries.map((entry) => join(folder, entry));
}

describe('house rules', () => {
  let files: SourceText[] = [];

  before(() => {
    files = tree();
    assert.ok(files.length > 100, `only ${files.length} files were found`);
  });

  for (const rule of rules) {
    describe(rule.name, () => {
      it('holds in the tree', () => {
        const findings = files.filter(({ path }) => rule.applies(path)).flatMap((file) => rule.findings(file));
        assert.deepEqual(findings, []);
      }).timeout(60_000);

      it('catches each planted violation', () => {
        const missed = rule.planted.filter((file) => !rule.applies(file.path) || rule.findings(file).length === 0);
        assert.deepEqual(missed, []);
        assert.ok(rule.planted.length > 0);
      });

      it('lets innocent code be', () => {
        const blamed = rule.innocent.filter((file) => rule.applies(file.path) && rule.findings(file).length > 0);
        assert.deepEqual(blamed, []);
      });
    });
  }
});
