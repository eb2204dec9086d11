import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryPath } from '../support/environment.ts';

/** Lists that several changes grow at once, where a merge may keep a row twice or a heading in the middle. */
const lists = ['CHANGELOG.md', 'docs/explanation/decisions.md', 'docs/reference/scenarios.md'];

/** `shop S7` is a requirement, of a list of its own. */
const scenarioId = /(?<!shop )\b[AKLSTUW]\d{1,2}\b/g;

function linesOf(path: string): string[] {
  return readFileSync(repositoryPath(path), 'utf8').split('\n');
}

/** What a row is known by: a table's first cell, an entry's first line, a heading. */
function namesOf(path: string): string[] {
  return linesOf(path).flatMap((line) => {
    if (/^\|(?! -)/.test(line)) return [line.split(' | ')[0]?.trim() ?? ''];
    return /^(- |##? )/.test(line) ? [line] : [];
  });
}

function twice(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

/** The scenarios that the names of tests and stories speak of. */
function namedScenarios(): string[] {
  const folder = repositoryPath('test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const texts = files.map((path) => readFileSync(join(folder, path), 'utf8'));
  const names = texts.flatMap((text) => text.match(/\b(?:it|describe)\(\s*['"`].*/g) ?? []);
  return [...new Set(names.flatMap((name) => name.match(scenarioId) ?? []))];
}

describe('lists that grow', () => {
  for (const path of lists) {
    it(`say each thing once: ${path}`, () => {
      const names = namesOf(path).filter((name) => name !== '| #');
      assert.ok(names.length > 5);
      assert.deepEqual(twice(names), []);
    });
  }

  it('name every scenario that a test names', () => {
    const listed = new Set(namesOf('docs/reference/scenarios.md').map((name) => name.replace('| ', '')));
    const named = namedScenarios();
    assert.ok(named.length > 50, `only ${named.length} are named`);
    assert.deepEqual(
      named.filter((id) => !listed.has(id)),
      [],
    );
  });
});
