import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../platform/ports.ts';
import { processEnvironment } from '../../platform/config.ts';
import { buildWorkflowBundle, writeWorkflowBundle } from '../../workers/bundle.ts';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { repositoryPath } from '../support/environment.ts';
import { benchScript, type Child, mainScript, startChild } from './child.ts';
import type { BenchDatabase, BenchGround } from './ground.ts';
import { execute } from './ground.ts';
import { giveWallets } from './ledger.ts';

/** The product as it runs in production, beside the bare processes, on one database server, Temporal and simulators. */
export interface BenchStack {
  readonly database: BenchDatabase;
  readonly temporalAddress: string;
  readonly botToken: string;
  readonly webhookSecret: string;
  readonly api: Child;
  readonly apiUrl: string;
  readonly worker: Child;
  readonly bareApi: Child;
  readonly bareApiUrl: string;
  readonly bareWorker: Child;
  readonly simulators: Child;
  /** One more process of the bench's own, with the product's environment and some variables more. */
  startMore(name: string, parameters: object, variables?: NodeJS.ProcessEnv): Promise<Child>;
}

export interface StackOptions {
  readonly people: number;
  /** Variables of the product's processes beside the usual ones, or instead of them. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Extra options of Node for the product's worker and API, such as an inspector. */
  readonly workerOptions?: readonly string[];
  readonly apiOptions?: readonly string[];
}

const keys = { shopId: '100500', secretKey: 'bench_secret_key', kieKey: 'bench-kie-key' };
const unlimited = '1000000';
const poolSize = 8;

/** Starts everything that the sagas' and the API's benches need. */
export async function startStack(ground: BenchGround, options: StackOptions): Promise<BenchStack> {
  const [database, temporal] = await Promise.all([ground.database('shop'), ground.temporal()]);
  await givePeople(database, options.people);
  const bundles = await makeBundles(ground.home);
  const environment = { PATH: processEnvironment()['PATH'] };
  const start = async (
    name: string,
    command: readonly string[],
    more: { env?: NodeJS.ProcessEnv; node?: readonly string[] } = {},
  ) => {
    const child = await startChild({
      name,
      command,
      home: join(ground.home, 'logs'),
      environment: { ...environment, ...more.env },
      nodeOptions: more.node ?? [],
    });
    ground.onStop(child.stop);
    return child;
  };
  const bench = (name: string, parameters: object) => start(name, [benchScript(name), JSON.stringify(parameters)]);

  const simulators = await bench('simulators', keys);
  const { kieUrl = '', uploadUrl = '', yookassaUrl = '' } = simulators.details;
  const [port, barePort] = [await freePort(), await freePort()];
  const botToken = `1234567890:${randomBytes(18).toString('hex')}`;
  const webhookSecret = randomBytes(16).toString('hex');
  const [apiUrl, bareApiUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${barePort}`];
  const variables = productVariables({
    database,
    port,
    apiUrl,
    botToken,
    webhookSecret,
    kieUrl,
    uploadUrl,
    yookassaUrl,
  });
  const env = {
    ...variables,
    ...options.variables,
    HOLDFAST_HOME: join(ground.home, 'state'),
    TEMPORAL_ADDRESS: temporal.address,
    WORKFLOW_BUNDLE_PATH: bundles.product,
  };
  const temporalAddress = temporal.address;
  const folder = join(ground.home, 'bare-files');
  return {
    database,
    temporalAddress,
    botToken,
    webhookSecret,
    apiUrl,
    bareApiUrl,
    simulators,
    startMore: (name, parameters, more) =>
      start(name, [benchScript(name), JSON.stringify(parameters)], { env: { ...env, ...more } }),
    worker: await start('worker', [mainScript, 'worker'], { env, node: options.workerOptions ?? [] }),
    api: await start('api', [mainScript, 'api'], { env, node: options.apiOptions ?? [] }),
    bareApi: await bench('bare-api', { databaseUrl: database.url, poolSize, temporalAddress, port: barePort }),
    bareWorker: await bench('bare-worker', {
      ...keys,
      kieUrl,
      yookassaUrl,
      webhookUrl: bareApiUrl,
      folder,
      temporalAddress,
      bundlePath: bundles.bare,
    }),
  };
}

interface Places {
  readonly database: BenchDatabase;
  readonly port: number;
  readonly apiUrl: string;
  readonly botToken: string;
  readonly webhookSecret: string;
  readonly kieUrl: string;
  readonly uploadUrl: string;
  readonly yookassaUrl: string;
}

/** Production mode, real clients whose addresses lead to the simulators, and every limit out of the way. */
function productVariables(places: Places): NodeJS.ProcessEnv {
  return {
    MODE: 'production',
    PORT: String(places.port),
    METRICS_PORT: '0',
    PUBLIC_URL: places.apiUrl,
    DATABASE_URL: places.database.ownerUrl,
    APP_DATABASE_URL: places.database.url,
    DATABASE_POOL_SIZE: String(poolSize),
    BOT_TOKEN: places.botToken,
    TELEGRAM_WEBHOOK_SECRET: places.webhookSecret,
    AUTH_KEYS: newAuthKeys(),
    FILES_SECRET: randomBytes(32).toString('hex'),
    CATALOGUE_PATH: repositoryPath('catalogue.yaml'),
    YOOKASSA_SHOP_ID: keys.shopId,
    YOOKASSA_SECRET_KEY: keys.secretKey,
    YOOKASSA_API_URL: places.yookassaUrl,
    YOOKASSA_WEBHOOK_CIDRS: '127.0.0.0/8',
    YOOKASSA_CALLS_PER_SECOND: '100000',
    KIE_API_KEY: keys.kieKey,
    KIE_API_URL: places.kieUrl,
    KIE_UPLOAD_URL: places.uploadUrl,
    KIE_CALLS_PER_SECOND: '100000',
    // Nothing is paid on the chain here, so the wallet is never opened.
    TON_WALLET_PHRASE: Array.from({ length: 24 }, () => 'word').join(' '),
    TON_API_URL: 'http://127.0.0.1:9',
    RATE_MESSAGES_PER_MINUTE: unlimited,
    RATE_OPERATIONS_PER_MINUTE: unlimited,
    RATE_PAYMENTS_PER_MINUTE: unlimited,
    RATE_ADDRESS_PER_MINUTE: unlimited,
  };
}

function newAuthKeys(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return JSON.stringify({
    keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'bench-1', alg: 'EdDSA', use: 'sig' }],
  });
}

async function makeBundles(home: string): Promise<{ product: string; bare: string }> {
  const [product, bare] = [join(home, 'workflows.js'), join(home, 'bare-workflows.js')];
  await writeWorkflowBundle(product);
  const entry = fileURLToPath(new URL('./bare/workflows.ts', import.meta.url));
  await writeFile(bare, (await buildWorkflowBundle(entry)).code);
  return { product, bare };
}

/** The Telegram id of the n-th person of a bench. */
export function telegramId(number: number): number {
  return 9_000_000_000 + number;
}

async function givePeople(database: BenchDatabase, people: number): Promise<void> {
  await giveWallets(database, people);
  await execute(
    database.ownerUrl,
    `INSERT INTO app.users (id, telegram_id, first_name)
     SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 9000000000 + n, 'Person ' || n
     FROM generate_series(1, $1::int) n`,
    [people],
  );
  await execute(
    database.ownerUrl,
    'CREATE TABLE public.bare_update (update_id bigint PRIMARY KEY, body text NOT NULL)',
  );
  await execute(database.ownerUrl, 'GRANT INSERT ON public.bare_update TO holdfast_app');
  await execute(database.ownerUrl, 'VACUUM ANALYZE');
}
