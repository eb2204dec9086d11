// Who may import whom. Each folder imports only what its line names; whatever is not named is refused, types included
// unless the line says otherwise.

const folders = [
  'core',
  'platform',
  'ledger',
  'db',
  'providers',
  'workflows',
  'activities',
  'gateway',
  'workers',
  'api',
  'bot',
  'webapp',
  'cli',
  'test',
];

/** Folders that a folder may import besides itself. */
const allowed = {
  core: [],
  platform: ['core'],
  ledger: ['core', 'platform', 'db/(pool|errors|type-parsers)'],
  db: ['core', 'platform', 'ledger/(answers|sql)'],
  providers: ['core', 'platform'],
  workflows: ['core'],
  activities: ['core', 'platform', 'ledger', 'db', 'providers'],
  gateway: ['core', 'platform', 'db', 'workflows/messages'],
  workers: ['core', 'platform', 'ledger', 'db', 'providers', 'workflows', 'activities', 'gateway'],
  api: ['core', 'platform', 'gateway', 'db', 'ledger/reads', 'providers/[^/]+/inbound[.]ts$'],
  bot: [
    'core',
    'platform',
    'gateway',
    'db',
    'ledger/reads',
    'providers/telegram/(client|methods|inbound)',
    'providers/http',
  ],
  webapp: ['core'],
};

const rules = Object.entries(allowed).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `${folder} may import: ${others.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: `^(${folders.join('|')})/`,
    pathNot: [`^${folder}/`, ...others.map((other) => `^${other}${/[$)]$/.test(other) ? '' : '(/|[.]ts$)'}`)],
    ...(folder === 'workflows' || folder === 'gateway' ? { dependencyTypesNot: ['type-only'] } : {}),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rules,
    {
      name: 'workflows-types',
      comment: 'workflows see activities as types only, and nothing else of ours beside core',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: `^(${folders.join('|')})/`,
        pathNot: ['^workflows/', '^core/', '^activities/'],
      },
    },
    {
      name: 'gateway-types',
      comment: 'the gateway sees workflows as types, and their messages as values',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: `^(${folders.join('|')})/`, pathNot: ['^gateway/', '^core/', '^platform/', '^db/', '^workflows/'] },
    },
    {
      name: 'core-is-pure',
      comment: 'core runs in the workflow sandbox and in the browser: no Node, no Temporal',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-no-library',
      comment: 'core knows no engine and no driver; only schemas and the price list may use a library',
      severity: 'error',
      from: { path: '^core/', pathNot: ['^core/http/', '^core/pricing/'] },
      to: { path: 'node_modules' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'workflow code runs in the sandbox: no Node, no client, no worker, no zod',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypesNot: ['local'], pathNot: ['node_modules/@temporalio/(workflow|common)/'] },
    },
    {
      name: 'webapp-types',
      comment: 'the pages see the contracts of the API as types: no schema library comes to the browser',
      severity: 'error',
      from: { path: '^webapp/' },
      to: { path: '^core/http/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'no cycles, types included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      comment: 'an import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-test-in-product',
      comment: 'the product does not lean on its tests (the test, bench and chaos commands themselves are verbs)',
      severity: 'error',
      from: {
        path: `^(${folders.filter((folder) => folder !== 'test').join('|')})/`,
        pathNot: '^cli/(test|bench|chaos)[.]ts$',
      },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^webapp/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
