import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryPath } from '../support/environment.ts';

const requirementsPath = 'docs/reference/requirements.md';

function textOf(path: string): string {
  return readFileSync(repositoryPath(path), 'utf8');
}

function documents(): string[] {
  const docs = readdirSync(repositoryPath('docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', 'CHANGELOG.md', ...docs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`)];
}

/** The files that a document leads to, and does not, as they stand in it. */
function deadLinks(path: string): string[] {
  const targets = [...textOf(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((found) => found[1] ?? '');
  return targets.filter(
    (target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(repositoryPath(path)), target)),
  );
}

/** The tests that a row of the requirements names: the file, and how the test begins. */
function shownBy(row: string): { path: string; title: string }[] {
  return [...row.matchAll(/\]\(\.\.\/\.\.\/(test\/[^)]+)\): `([^`]+)`/g)].map((found) => ({
    path: found[1] ?? '',
    title: found[2] ?? '',
  }));
}

const rows = textOf(requirementsPath)
  .split('\n')
  .filter((line) => /^\| S\d/.test(line));
const ids = rows.map((row) => row.split('|')[1]?.trim() ?? '');

describe('a document', () => {
  it('leads to no file that is not there', () => {
    const paths = documents();
    assert.ok(paths.length > 10);
    assert.deepEqual(
      paths.flatMap((path) => deadLinks(path).map((target) => `${path}: ${target}`)),
      [],
    );
  });
});

describe('the requirements of the shop', () => {
  it('are all there, each once', () => {
    const numbers = [
      ...Array.from({ length: 36 }, (_, at) => at + 1),
      ...Array.from({ length: 12 }, (_, at) => at + 50),
    ];
    assert.deepEqual(
      ids,
      numbers.map((number) => `S${number}`),
    );
  });

  it('name tests that are there', () => {
    const named = rows.flatMap(shownBy);
    assert.ok(named.length > 50, `only ${named.length} are named`);
    const missing = named.filter(({ path, title }) => !textOf(path).includes(title));
    assert.deepEqual(missing, []);
  });

  it('have each a test or a line that says where they are met', () => {
    assert.deepEqual(
      rows.filter((row) => (row.split('|')[3]?.trim() ?? '') === ''),
      [],
    );
  });
});
