import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse, type Resource } from '@fluent/syntax';
import { repositoryPath } from '../support/environment.ts';

const scriptBytesMax = 45 * 1024;
const styleBytesMax = 12 * 1024;

/** Files of the first load: what the page names, and the texts of one language. */
function firstLoad(extension: string): string[] {
  const html = readFileSync(repositoryPath('webapp/dist/app/index.html'), 'utf8');
  return [...html.matchAll(/(?:src|href)="\/app\/(assets\/[^"]+)"/g)]
    .map(([, path]) => path ?? '')
    .filter((path) => path.endsWith(extension));
}

function gzipped(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipSync(readFileSync(repositoryPath('webapp/dist/app', path))).length, 0);
}

/** The texts of one language, by a name that the build gives after their file. */
function largestTexts(): number {
  const scripts = firstLoad('.js').map((path) => readFileSync(repositoryPath('webapp/dist/app', path), 'utf8'));
  const paths = [...new Set([...scripts.join('\n').matchAll(/app-[\w-]+\.js/g)].map(([name]) => `assets/${name}`))];
  assert.equal(paths.length, 2, 'one file of texts for each language');
  return Math.max(...paths.map((path) => gzipped([path])));
}

describe('the budget of the Mini App', () => {
  it('loads at most 45 KB of script before anything can be done, texts included', () => {
    const bytes = gzipped(firstLoad('.js')) + largestTexts();
    assert.ok(bytes > 10_000 && bytes <= scriptBytesMax, `${bytes} bytes`);
  });

  it('loads at most 12 KB of style', () => {
    const bytes = gzipped(firstLoad('.css'));
    assert.ok(bytes > 1_000 && bytes <= styleBytesMax, `${bytes} bytes`);
  });

  it('has no schema library in it, and nothing from outside', () => {
    const script = firstLoad('.js').map((path) => readFileSync(repositoryPath('webapp/dist/app', path), 'utf8'));
    assert.doesNotMatch(script.join('\n'), /ZodError|safeParse/);
    const html = readFileSync(repositoryPath('webapp/dist/app/index.html'), 'utf8');
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
  });

  it('has a sample picture of each model in the catalogue', () => {
    const catalogue = readFileSync(repositoryPath('catalogue.yaml'), 'utf8').split(/^models:/m)[1] ?? '';
    const ids = [...catalogue.matchAll(/^ {2}- id: ([\w-]+)$/gm)].map(([, id]) => id ?? '');
    assert.ok(ids.length >= 5);
    const missing = ids.filter((id) => !existsSync(`${repositoryPath('webapp/dist/app/samples')}/${id}.webp`));
    assert.deepEqual(missing, [], 'run: node test/pictures/samples.ts');
  });
});

describe('the words of the Mini App', () => {
  const resource = (language: string): Resource =>
    parse(readFileSync(repositoryPath(`locales/${language}/app.ftl`), 'utf8'), {});
  const messages = (language: string): Map<string, string[]> =>
    new Map(
      resource(language).body.flatMap((entry): [string, string[]][] => {
        if (entry.type !== 'Message') return [];
        const variables = [...JSON.stringify(entry).matchAll(/"VariableReference","id":\{[^}]*?"name":"(\w+)"/g)];
        return [[entry.id.name, variables.map(([, name]) => name ?? '').toSorted()]];
      }),
    );

  it('are the same in both languages, with the same variables', () => {
    const [russian, english] = [messages('ru'), messages('en')];
    assert.ok(english.size > 150);
    assert.deepEqual([...russian.keys()].toSorted(), [...english.keys()].toSorted());
    const differing = [...english].filter(([key, names]) => String(russian.get(key)) !== String(names));
    assert.deepEqual(differing, []);
  });

  it('have no entry that cannot be read', () => {
    for (const language of ['ru', 'en']) {
      const broken = resource(language).body.filter(({ type }) => type === 'Junk');
      assert.deepEqual(broken, [], language);
    }
  });
});
