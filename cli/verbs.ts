import type { Verb } from './verb.ts';

/** All verbs, in the order of the help. A verb's file is loaded only when it is asked for. */
export const verbs: readonly Verb[] = [
  {
    name: 'start',
    summary: 'start everything on this machine and print the board',
    load: async () => (await import('./start.ts')).registerStart,
  },
  {
    name: 'worker',
    summary: 'host the sagas',
    load: async () => (await import('./worker.ts')).registerWorker,
  },
  {
    name: 'api',
    summary: 'serve the HTTP API, webhooks and files',
    load: async () => (await import('./api.ts')).registerApi,
  },
  {
    name: 'bot',
    summary: 'talk to people in Telegram',
    load: async () => (await import('./bot.ts')).registerBot,
  },
  {
    name: 'doctor',
    summary: 'look whether everything is in order here',
    load: async () => (await import('./doctor.ts')).registerDoctor,
  },
  {
    name: 'migrate',
    summary: 'bring the database to this version',
    load: async () => (await import('./migrate.ts')).registerMigrate,
  },
  {
    name: 'simulators',
    summary: 'play the providers that have no key',
    load: async () => (await import('./simulators.ts')).registerSimulators,
  },
  {
    name: 'build',
    summary: 'build the Mini App and the sandbox page',
    load: async () => (await import('./build.ts')).registerBuild,
  },
  {
    name: 'catalogue',
    summary: 'check the price list',
    load: async () => (await import('./catalogue.ts')).registerCatalogue,
  },
  {
    name: 'demo-user',
    summary: 'print fresh init data of a demo person',
    load: async () => (await import('./demo-user.ts')).registerDemoUser,
  },
  {
    name: 'test',
    summary: 'run the gates and the test suites',
    load: async () => (await import('./test.ts')).registerTest,
  },
  {
    name: 'bench',
    summary: 'measure speed and memory against bare baselines',
    load: async () => (await import('./bench.ts')).registerBench,
  },
  {
    name: 'chaos',
    summary: 'kill workers while people buy, and prove that no money went astray',
    load: async () => (await import('./chaos.ts')).registerChaos,
  },
  {
    name: 'env-example',
    summary: 'print .env.example, made from the configuration schema',
    load: async () => (await import('./env-example.ts')).registerEnvExample,
  },
  {
    name: 'audit',
    summary: 'prove the books, and name the row where they do not hold',
    load: async () => (await import('./audit.ts')).registerAudit,
  },
  {
    name: 'refund',
    summary: 'return the money of a top-up paid in Telegram',
    load: async () => (await import('./refund.ts')).registerRefund,
  },
  {
    name: 'wallet',
    summary: 'show the wallet that pays, and hold the books against the chain',
    load: async () => (await import('./wallet.ts')).registerWallet,
  },
  {
    name: 'fragment',
    summary: 'log in at Fragment, which sells Stars and Premium',
    load: async () => (await import('./fragment.ts')).registerFragment,
  },
  {
    name: 'explain',
    summary: 'tell a purchase, hold, transfer or user step by step',
    load: async () => (await import('./explain.ts')).registerExplain,
  },
];
