import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from '../support/environment.ts';
import { edgeOrdeals } from './edge-stories.ts';
import { starPlaces } from './stars/plan.ts';
import { ordeals } from './stories.ts';

/** Folders without code of ours that runs in production. */
const others = new Set(['.git', '.holdfast', 'docs', 'locales', 'node_modules', 'test']);

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return others.has(entry.name) ? [] : sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** The names of all failpoints that stand in the code, wherever it is. */
function failpoints(): string[] {
  const texts = sourceFiles(repositoryFolder).map((path) => readFileSync(path, 'utf8'));
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/failpoint\('([^']+)'\)/g)].map((found) => found[1] ?? ''))),
  ];
}

describe('a place where a process may be killed', () => {
  it('has an ordeal, in whatever folder it stands', () => {
    const told = [...Object.keys(ordeals), ...Object.keys(edgeOrdeals), ...starPlaces];
    assert.deepEqual(told.sort(), failpoints().sort());
  });
});
