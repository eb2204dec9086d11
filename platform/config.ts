import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type BlobsConfig, buildBlobs } from './config-blobs.ts';
import { buildCache, type CacheConfig } from './config-cache.ts';
import { buildHeleket, buildYookassa, type HeleketConfig, type YookassaConfig } from './config-payments.ts';
import { type Environment, environmentSchema, type VariableName, variableFacts } from './config-schema.ts';
import { type FragmentConfig, buildFragment } from './config-fragment.ts';
import { type TonConfig, buildTon, isDemoPhrase } from './config-ton.ts';
import { demoCredentials } from './demo-credentials.ts';
import { Secret } from './secret.ts';

export { demoCredentials } from './demo-credentials.ts';
export type { BlobsConfig } from './config-blobs.ts';

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** How one process is set up. Parsed once, frozen; nothing else reads the environment. */
export type Config = EmbeddedConfig | ProductionConfig;

export interface EmbeddedConfig extends CommonConfig {
  readonly mode: 'embedded';
  /** Failpoints to arm, in the form that `platform/failpoints.ts` reads. */
  readonly failpoints: string;
}

export interface ProductionConfig extends CommonConfig {
  readonly mode: 'production';
}

export interface CommonConfig {
  /** Folder of the local state, absolute. */
  readonly home: string;
  readonly api: ApiConfig;
  readonly metricsPort: number;
  readonly database: DatabaseConfig;
  readonly cache: CacheConfig;
  readonly temporal: TemporalConfig;
  /** JWK set of Ed25519 private keys, as JSON. */
  readonly authKeys: Secret;
  readonly filesSecret: Secret;
  readonly botToken: Secret;
  /** The bot's name without @, for links to it out of an ordinary browser. */
  readonly botUsername: string | undefined;
  readonly yookassa: YookassaConfig;
  readonly heleket: HeleketConfig;
  /** Payment providers that are not set up here: nothing is sold through them. */
  readonly providersUnset: readonly string[];
  readonly kie: KieConfig;
  readonly telegram: TelegramConfig;
  readonly ton: TonConfig;
  readonly fragment: FragmentConfig;
  readonly blobs: BlobsConfig;
  /** Absolute. */
  readonly cataloguePath: string;
  readonly fees: { readonly commissionBps: bigint; readonly taxBps: bigint };
  readonly ratesPerMinute: {
    readonly messages: number;
    readonly operations: number;
    readonly payments: number;
    readonly address: number;
  };
  /** Absolute; undefined: the worker bundles its workflows itself. */
  readonly workflowBundlePath: string | undefined;
  readonly log: LogConfig;
}

export interface ApiConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly webhookUrl: string;
  /** Origins of pages that may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  readonly trustedProxyCount: number;
}

export interface DatabaseConfig {
  /** The owner of the schema: migrations, audit. */
  readonly ownerUrl: Secret;
  /** The application's login: everything else. In embedded mode it may be the owner's. */
  readonly url: Secret;
  readonly poolSize: number;
}

export interface TemporalConfig {
  /** Undefined: the rest of envconfig decides (profile, TLS, API key). */
  readonly address: string | undefined;
  readonly namespace: string;
  /** Where people look at workflows, without a slash at the end. */
  readonly uiUrl?: string | undefined;
}

export interface KieConfig {
  readonly simulated: boolean;
  readonly apiKey: Secret;
  readonly apiUrl: string;
  readonly uploadUrl: string;
  readonly webhookKey: Secret | undefined;
  readonly callsPerSecond: number;
  readonly simulatorPort: number;
  readonly simulatorUploadPort: number;
}

export interface TelegramConfig {
  /** True while the bot's token is a demo one: the simulator answers at `apiUrl`. */
  readonly simulated: boolean;
  readonly apiUrl: string;
  readonly updates: 'polling' | 'webhook';
  readonly webhookSecret: Secret;
  /** Set: packs are also sold by card invoices in the chat. */
  readonly providerToken: Secret | undefined;
  /** Ends with a slash. */
  readonly miniAppUrl: string;
  readonly simulatorPort: number;
}

export interface LogConfig {
  readonly level: string;
  readonly pretty: boolean;
  /** Lines leave together where they come fast, at the price of the last ones of a process that is killed. */
  readonly buffered?: boolean;
}

/** One mistake in the environment, said so that a person can mend it. */
export interface ConfigProblem {
  readonly name: string;
  readonly problem: string;
  readonly example: string;
}

export type ConfigResult =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** The configuration is wrong; the message names every problem, and no value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(describeProblems(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The variables of this process. The only place that reads them. */
export function processEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * The configuration of this process: its variables over those that a running `npm start` left in its home for the verbs
 * of another terminal. Throws a `ConfigError` with every problem at once.
 */
export function loadConfig(environment: EnvironmentVariables = processEnvironment()): Config {
  const result = parseConfig(withRunningEnvironment(environment));
  if (!result.ok) throw new ConfigError(result.problems);
  return result.config;
}

/** Adds what a running `npm start` left in `<home>/environment.json`; in production mode nothing is added. */
function withRunningEnvironment(environment: EnvironmentVariables): EnvironmentVariables {
  if ((environment['MODE'] ?? 'embedded') !== 'embedded') return environment;
  const path = resolve(environment['HOLDFAST_HOME'] || '.holdfast', 'environment.json');
  if (!existsSync(path)) return environment;
  const left = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return { ...left, ...withoutEmpty(environment) };
}

/** Reads the variables by their rules alone; what depends on the mode is not judged. */
function parseEnvironment(
  variables: EnvironmentVariables,
): { ok: true; values: Environment } | { ok: false; problems: readonly ConfigProblem[] } {
  const parsed = environmentSchema.safeParse(withoutEmpty(variables));
  if (parsed.success) return { ok: true, values: parsed.data };
  const problems = parsed.error.issues.map((issue) =>
    problem(issue.path[0] as VariableName, `must be ${issue.message}`),
  );
  return { ok: false, problems };
}

/** Configuration out of variables, without touching the process or the disk. All problems are reported at once. */
export function parseConfig(variables: EnvironmentVariables): ConfigResult {
  const parsed = parseEnvironment(variables);
  const mode = parsed.ok ? parsed.values.MODE : variables['MODE'] === 'production' ? 'production' : 'embedded';
  const missing = missingVariables(withoutEmpty(variables), mode);
  const refused = mode === 'production' ? demoValues(variables) : [];
  const problems = [...(parsed.ok ? [] : parsed.problems), ...missing, ...refused];
  if (!parsed.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: freeze(build(parsed.values)) };
}

/** The lines that a person sees; one where nothing is wrong but that no start runs here. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  if (problems.length === neededEverywhere.length && problems.every(({ problem: text }) => text === notStarted))
    return `No start runs from this folder: run \`npm start\` first, or set ${neededEverywhere.join(', ')}.`;
  const lines = problems.map((one) => `  ${one.name} ${one.problem}; for example ${one.name}=${one.example}`);
  return [`The configuration has ${problems.length} problem${problems.length === 1 ? '' : 's'}:`, ...lines].join('\n');
}

const notStarted = 'is not known: run `npm start` first, or set it';
const neededEverywhere = ['DATABASE_URL', 'BOT_TOKEN', 'AUTH_KEYS', 'FILES_SECRET'] as const;
const neededInProduction = [
  'APP_DATABASE_URL',
  'TEMPORAL_ADDRESS',
  'PUBLIC_URL',
  'YOOKASSA_SHOP_ID',
  'YOOKASSA_SECRET_KEY',
  'KIE_API_KEY',
  'TELEGRAM_WEBHOOK_SECRET',
  'TON_WALLET_PHRASE',
] as const;
const together = [
  ['YOOKASSA_SHOP_ID', 'YOOKASSA_SECRET_KEY'],
  ['HELEKET_MERCHANT_ID', 'HELEKET_PAYMENT_KEY'],
  ['BLOB_S3_ENDPOINT', 'BLOB_S3_BUCKET', 'BLOB_S3_ACCESS_KEY', 'BLOB_S3_SECRET_KEY'],
] as const;

function missingVariables(variables: EnvironmentVariables, mode: Config['mode']): ConfigProblem[] {
  const hint = mode === 'embedded' ? notStarted : 'is required in production';
  const needed = mode === 'production' ? [...neededEverywhere, ...neededInProduction] : neededEverywhere;
  const absent = needed.filter((name) => variables[name] === undefined).map((name) => problem(name, hint));
  const halves = together.flatMap((names) => {
    const unset = names.filter((name) => variables[name] === undefined);
    const set = names.filter((name) => variables[name] !== undefined);
    return set.length === 0 ? [] : unset.map((name) => problem(name, `is required beside ${set.join(', ')}`));
  });
  return [...absent, ...halves.filter((half) => !absent.some(({ name }) => name === half.name))];
}

function demoValues(variables: EnvironmentVariables): ConfigProblem[] {
  const demo: string[] = [];
  if (variables['YOOKASSA_SECRET_KEY'] === demoCredentials.yookassaSecretKey) demo.push('YOOKASSA_SECRET_KEY');
  if (variables['HELEKET_PAYMENT_KEY'] === demoCredentials.heleketPaymentKey) demo.push('HELEKET_PAYMENT_KEY');
  if (variables['KIE_API_KEY'] === demoCredentials.kieApiKey) demo.push('KIE_API_KEY');
  if (isDemoPhrase(variables['TON_WALLET_PHRASE'])) demo.push('TON_WALLET_PHRASE');
  if (variables['BOT_TOKEN']?.includes(`:${demoCredentials.prefix}`)) demo.push('BOT_TOKEN');
  if (variables['FILES_SECRET']?.startsWith(demoCredentials.prefix)) demo.push('FILES_SECRET');
  if (variables['TELEGRAM_WEBHOOK_SECRET']?.startsWith(demoCredentials.prefix)) demo.push('TELEGRAM_WEBHOOK_SECRET');
  if (variables['AUTH_KEYS']?.includes(`"${demoCredentials.prefix}`)) demo.push('AUTH_KEYS');
  const problems = demo.map((name) => problem(name as VariableName, 'is a demo secret, which production refuses'));
  if (variables['FAILPOINTS']) problems.push(problem('FAILPOINTS', 'must not be set in production'));
  return problems;
}

function problem(name: VariableName, text: string): ConfigProblem {
  return { name, problem: text, example: variableFacts(name).example };
}

function build(values: Environment): Config {
  const common = buildCommon(values);
  return values.MODE === 'production'
    ? { mode: 'production', ...common }
    : { mode: 'embedded', failpoints: values.FAILPOINTS ?? '', ...common };
}

function buildCommon(values: Environment): CommonConfig {
  const home = resolve(values.HOLDFAST_HOME);
  const publicUrl = values.PUBLIC_URL ?? `http://127.0.0.1:${values.PORT}`;
  const heleket = buildHeleket(values, values.WEBHOOK_URL ?? publicUrl);
  return {
    home,
    api: {
      host: values.HOST,
      port: values.PORT,
      publicUrl,
      webhookUrl: values.WEBHOOK_URL ?? publicUrl,
      corsOrigins: values.CORS_ORIGINS?.split(',').map((origin) => origin.trim()) ?? [new URL(publicUrl).origin],
      trustedProxyCount: values.TRUSTED_PROXY_COUNT,
    },
    metricsPort: values.METRICS_PORT,
    database: buildDatabase(values),
    cache: buildCache(values),
    temporal: {
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      uiUrl: values.TEMPORAL_UI_URL,
    },
    authKeys: new Secret(JSON.stringify(values.AUTH_KEYS)),
    filesSecret: new Secret(values.FILES_SECRET ?? ''),
    botToken: new Secret(values.BOT_TOKEN ?? ''),
    botUsername: values.BOT_USERNAME,
    yookassa: buildYookassa(values),
    heleket,
    providersUnset: heleket.isOffered ? [] : ['heleket'],
    kie: buildKie(values),
    telegram: buildTelegram(values, publicUrl),
    ton: buildTon(values),
    fragment: buildFragment(values),
    blobs: buildBlobs(values, home),
    cataloguePath: resolve(values.CATALOGUE_PATH),
    fees: { commissionBps: BigInt(values.COMMISSION_BPS), taxBps: BigInt(values.TAX_BPS) },
    ratesPerMinute: {
      messages: values.RATE_MESSAGES_PER_MINUTE,
      operations: values.RATE_OPERATIONS_PER_MINUTE,
      payments: values.RATE_PAYMENTS_PER_MINUTE,
      address: values.RATE_ADDRESS_PER_MINUTE,
    },
    workflowBundlePath: values.WORKFLOW_BUNDLE_PATH === undefined ? undefined : resolve(values.WORKFLOW_BUNDLE_PATH),
    log: {
      level: values.LOG_LEVEL,
      pretty: values.LOG_PRETTY ?? prettyByDefault(values.MODE),
      buffered: values.MODE === 'production',
    },
  };
}

function prettyByDefault(mode: Config['mode']): boolean {
  return mode === 'embedded' && process.stdout.isTTY;
}

function buildDatabase(values: Environment): DatabaseConfig {
  const ownerUrl = values.DATABASE_URL ?? '';
  return {
    ownerUrl: new Secret(ownerUrl),
    url: new Secret(values.APP_DATABASE_URL ?? ownerUrl),
    poolSize: values.DATABASE_POOL_SIZE,
  };
}

function buildKie(values: Environment): KieConfig {
  const simulated = values.KIE_API_KEY === undefined;
  const simulatorUrl = `http://127.0.0.1:${values.KIE_SIMULATOR_PORT}`;
  const simulatorUploadUrl = `http://127.0.0.1:${values.KIE_SIMULATOR_UPLOAD_PORT}`;
  return {
    simulated,
    apiKey: new Secret(values.KIE_API_KEY ?? demoCredentials.kieApiKey),
    apiUrl: values.KIE_API_URL ?? (simulated ? simulatorUrl : 'https://api.kie.ai'),
    uploadUrl: values.KIE_UPLOAD_URL ?? (simulated ? simulatorUploadUrl : 'https://kieai.redpandaai.co'),
    webhookKey: values.KIE_WEBHOOK_KEY === undefined ? undefined : new Secret(values.KIE_WEBHOOK_KEY),
    callsPerSecond: values.KIE_CALLS_PER_SECOND,
    simulatorPort: values.KIE_SIMULATOR_PORT,
    simulatorUploadPort: values.KIE_SIMULATOR_UPLOAD_PORT,
  };
}

function buildTelegram(values: Environment, publicUrl: string): TelegramConfig {
  const simulated = values.BOT_TOKEN?.includes(`:${demoCredentials.prefix}`) ?? false;
  const simulatorUrl = `http://127.0.0.1:${values.TELEGRAM_SIMULATOR_PORT}`;
  return {
    simulated,
    apiUrl: values.TELEGRAM_API_URL ?? (simulated ? simulatorUrl : 'https://api.telegram.org'),
    updates: values.TELEGRAM_UPDATES ?? (values.MODE === 'production' ? 'webhook' : 'polling'),
    webhookSecret: new Secret(values.TELEGRAM_WEBHOOK_SECRET ?? ''),
    providerToken:
      values.TELEGRAM_PROVIDER_TOKEN === undefined ? undefined : new Secret(values.TELEGRAM_PROVIDER_TOKEN),
    miniAppUrl: `${values.MINI_APP_URL ?? `${publicUrl}/app`}/`,
    simulatorPort: values.TELEGRAM_SIMULATOR_PORT,
  };
}

function withoutEmpty(variables: EnvironmentVariables): EnvironmentVariables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}
