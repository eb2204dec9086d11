import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { repositoryFolder } from '../../support/environment.ts';
import { at, isIn, isTypeScript, lineOf, parse, type Rule, type SourceText, walk } from './rule.ts';

/** Texts in a file's code: literals and the parts of templates; comments are not code. */
function texts(file: SourceText): { node: ts.Node; text: string }[] {
  return [...walk(parse(file))].flatMap((node) => {
    return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
      ? [{ node, text: node.text }]
      : [];
  });
}

const environmentReaders = ['platform/config.ts', 'test/support/environment.ts'];

export const environmentInOnePlace: Rule = {
  name: 'the environment is read in platform/config.ts alone',
  applies: (path) => isTypeScript(path) && !environmentReaders.includes(path),
  findings: (file) =>
    [...walk(parse(file))].flatMap((node) => {
      const read =
        ts.isPropertyAccessExpression(node) && node.name.text === 'env' && node.expression.getText() === 'process';
      const imported = ts.isImportSpecifier(node) && node.getText() === 'env';
      return read || imported ? [at(file, lineOf(node), 'reads process.env')] : [];
    }),
  planted: [
    { path: 'db/a.ts', text: "const url = process.env['DATABASE_URL'];" },
    { path: 'cli/a.ts', text: "import { env } from 'node:process';" },
  ],
  innocent: [{ path: 'db/a.ts', text: '// process.env is read elsewhere.\nconst env = config.env;' }],
};

const statements = [
  /^\s*SELECT\s/,
  /^\s*INSERT\s+INTO\s/,
  /^\s*UPDATE\s+[\w."]+\s+SET\b/,
  /^\s*DELETE\s+FROM\s/,
  /^\s*WITH\s+\w+\s+AS\s*\(/,
  /^\s*(CREATE|ALTER|DROP|TRUNCATE)\s+(TABLE|INDEX|ROLE|DATABASE|SCHEMA|FUNCTION|VIEW)\b/,
  /^\s*GRANT\s+\w+\s+(ON|TO)\s/,
];

export const sqlInItsFolders: Rule = {
  name: 'SQL stands in ledger and db alone',
  applies: (path) => isTypeScript(path) && !isIn(path, 'ledger', 'db', 'test'),
  findings: (file) =>
    texts(file).flatMap(({ node, text }) =>
      statements.some((statement) => statement.test(text)) ? [at(file, lineOf(node), 'is SQL')] : [],
    ),
  planted: [
    { path: 'api/a.ts', text: "client.query('SELECT 1');" },
    { path: 'activities/a.ts', text: 'sql`UPDATE app.topup SET status = ${status}`;' },
    { path: 'cli/a.ts', text: 'client.query(`\n  INSERT INTO a VALUES (1)`);' },
  ],
  innocent: [
    { path: 'api/a.ts', text: "const label = 'SELECTED'; const text = 'Update the row';" },
    { path: 'db/a.ts', text: "client.query('SELECT 1');" },
  ],
};

const flows = readdirSync(join(repositoryFolder, 'core', 'flows'))
  .filter((name) => !['index.ts', 'flow.ts'].includes(name))
  .map((name) => name.replace(/\.ts$/, ''));
const workflowId = new RegExp(`^(${flows.join('|')})/`);

export const workflowIdsInOnePlace: Rule = {
  name: 'a workflow id is built in core/flows alone',
  applies: (path) => isTypeScript(path) && !isIn(path, 'core/flows', 'test'),
  findings: (file) =>
    texts(file).flatMap(({ node, text }) =>
      workflowId.test(text) ? [at(file, lineOf(node), 'builds a workflow id')] : [],
    ),
  planted: [
    { path: 'gateway/a.ts', text: 'const id = `topup/${topupId}`;' },
    { path: 'api/a.ts', text: "const id = 'generation/' + order;" },
  ],
  innocent: [
    { path: 'api/a.ts', text: "router.get('/topups/:id'); const path = `../topup/${name}`;" },
    { path: 'core/flows/topup.ts', text: 'const id = `topup/${topupId}`;' },
  ],
};

/** Long names anywhere in a word, the short one as a word of its own or of a camel-case name. */
const providerNames = [/yookassa|heleket|openrouter/i, /\bkie\b/i, /^kie[A-Z]/, /Kie(?=[A-Z]|$)/];
/** Where providers are told apart: their folders, their webhooks, configuration, and the command line's texts. */
const providerPlaces = [
  'providers',
  'api/webhooks',
  'platform/config.ts',
  'platform/config-schema.ts',
  'platform/config-payments.ts',
  'platform/config-schema-payments.ts',
  'platform/demo-credentials.ts',
  'cli',
  'test',
];

export const providersInTheirPlaces: Rule = {
  name: 'a provider is named under providers, api/webhooks, configuration and texts alone',
  applies: (path) => isTypeScript(path) && !isIn(path, ...providerPlaces),
  findings(file) {
    const source = parse(file);
    return [...walk(source)].flatMap((node) => {
      const named = ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
      return named && providerNames.some((name) => name.test(node.text))
        ? [at(file, lineOf(node), `names a provider: ${node.text}`)]
        : [];
    });
  },
  planted: [
    { path: 'workflows/a.ts', text: "if (provider === 'yookassa') pay();" },
    { path: 'activities/a.ts', text: 'const kieClient = createKieClient();' },
    { path: 'db/a.ts', text: 'const key = `kie/${id}`;' },
  ],
  innocent: [
    { path: 'workflows/a.ts', text: '// As YooKassa does it.\nconst cookie = skier;' },
    { path: 'providers/kie/a.ts', text: "const name = 'kie';" },
  ],
};
