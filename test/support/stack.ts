import pg from 'pg';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createInbox, type Inbox } from '../../db/inbox.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { openTemporalClient } from '../../gateway/connection.ts';
import { createGateway, type Gateway } from '../../gateway/gateway.ts';
import { createFragmentSessions } from '../../db/fragment-sessions.ts';
import { createGenerations, type Generations } from '../../db/generations.ts';
import { createTelegramPayments } from '../../db/telegram-payments.ts';
import { createTopups, type Topups } from '../../db/topups.ts';
import type { EnvironmentVariables } from '../../platform/config.ts';
import { Secret } from '../../platform/secret.ts';
import { createHttp } from '../../providers/http.ts';
import { createFragment } from '../../providers/fragment/client.ts';
import { createHeleket } from '../../providers/heleket/client.ts';
import { createKieClient } from '../../providers/kie/client.ts';
import { createTon, openFragmentVault, type Providers, telegramPayments } from '../../providers/registry.ts';
import type { KieSimulatorSettings } from '../../providers/kie/simulator/options.ts';
import type { YookassaSimulatorOptions } from '../../providers/yookassa/simulator.ts';
import type { ChainWallet, StarsProvider } from '../../providers/ports.ts';
import { createYookassa } from '../../providers/yookassa/client.ts';
import { type RunningWorker, startWorker } from '../../workers/main.ts';
import { startTestApi, type TestApi, type TestApiOptions } from './api.ts';
import { createTestDatabase } from './database.ts';
import { testEnvironment } from './environment.ts';
import { type Exchange, merchant, openExchange } from './heleket.ts';
import { openStudio, studioKey, type Studio } from './kie.ts';
import { silent } from './log.ts';
import { createTestNamespace, type TestNamespace } from './temporal-namespace.ts';
import { installTestRuntime } from './runtime.ts';
import { createTraps, type Traps } from './traps.ts';
import { openShop, shop as credentials, type Shop } from './yookassa.ts';

export interface StackOptions {
  readonly studio?: Partial<KieSimulatorSettings>;
  readonly shop?: Partial<YookassaSimulatorOptions>;
  /** Who delivers Stars, and the wallet that pays for them, where a test brings its own. */
  readonly starShop?: { readonly stars: readonly StarsProvider[]; readonly wallet: ChainWallet };
  readonly variables?: EnvironmentVariables;
  /**
   * Default true: no workflow stays in memory, so that each task replays its whole history. For files that start one
   * worker only: without that memory, the SDK loses the first task that it is given right after its start (about one
   * start in fifteen), which then waits 10 s for its timeout. Also for files where many workflows begin at once:
   * without that memory it leaves tasks lying that come while it works at others, each until its timeout.
   */
  readonly replayAlways?: boolean;
  /** Default true. */
  readonly withWorker?: boolean;
  /** Where the worker, the gateway and the providers' clients log; default: nowhere. */
  readonly logger?: Logger;
  /** Also sells Stars, by the Fragment and the chain that the variables name. */
  readonly sellsStars?: boolean;
  readonly walletWatch?: TestApiOptions['walletWatch'];
  /** A server of the file's own instead of the shared one. */
  readonly temporal?: TestNamespace;
}

/** Everything of a shop that runs: its simulators, Temporal, database, API and worker. One per test file. */
export interface Stack {
  readonly api: TestApi;
  readonly shop: Shop;
  readonly exchange: Exchange;
  readonly studio: Studio;
  readonly temporal: TestNamespace;
  readonly client: Client;
  readonly gateway: Gateway;
  readonly pool: DatabasePool;
  /** The owner of the schemas, for looking into rows and letting time go by. */
  readonly owner: pg.Pool;
  readonly topups: Topups;
  readonly generations: Generations;
  readonly inbox: Inbox;
  /** Failpoints of the worker in this process. */
  readonly traps: Traps;
  /** The environment of a process that belongs to this stack. */
  readonly variables: Readonly<Record<string, string>>;
  startWorker(): Promise<RunningWorker>;
  /** Ends the worker that the stack started. */
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a stack. The providers' breakers stay closed, so that one story's faults do not reach into the next. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await installTestRuntime();
  const [database, temporal, shop, studio, exchange] = await Promise.all([
    createTestDatabase(),
    options.temporal ?? createTestNamespace(),
    openShop({ retryScale: 0.005, ...options.shop }),
    openStudio({ settings: { preparedPicture: true, ...options.studio } }),
    openExchange({ retryScale: 0.005 }),
  ]);
  const bundlePath = testEnvironment().bundlePath;
  const variables: Record<string, string> = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    YOOKASSA_SHOP_ID: credentials.shopId,
    YOOKASSA_SECRET_KEY: options.shop?.secretKey ?? credentials.secretKey,
    YOOKASSA_API_URL: `${shop.url}/v3`,
    HELEKET_MERCHANT_ID: merchant.merchantId,
    HELEKET_PAYMENT_KEY: merchant.paymentKey,
    HELEKET_PAYOUT_KEY: merchant.payoutKey,
    HELEKET_API_URL: exchange.url,
    KIE_API_KEY: studioKey,
    KIE_API_URL: studio.url,
    KIE_UPLOAD_URL: studio.uploadUrl,
    ...(bundlePath === undefined ? {} : { WORKFLOW_BUNDLE_PATH: bundlePath }),
    ...definedOnly(options.variables ?? {}),
  };
  const api = await startTestApi({
    database,
    variables,
    ...(options.walletWatch === undefined ? {} : { walletWatch: options.walletWatch }),
  });
  await shop.control('/options', { webhookUrl: `${api.url}/webhooks/yookassa` });
  const pool = await openPool({
    url: database.url,
    size: 4,
    applicationName: 'stack',
    logger: silent,
    checkRows: true,
  });
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 4, application_name: 'stack-owner' });
  const { client, close } = openTemporalClient(api.config.temporal);
  const [topups, generations] = [createTopups(pool), createGenerations(pool)];
  const traps = createTraps();
  const logger = options.logger ?? silent;
  const patient = createPatientProviders(api, { pool, logger, starShop: options.starShop });
  const providers = options.sellsStars === true ? withStars(patient, api, { pool, logger }) : patient;
  let worker: RunningWorker | undefined;

  const stack: Stack = {
    api,
    shop,
    exchange,
    studio,
    temporal,
    client,
    gateway: createGateway({ client, pool, logger }),
    pool,
    owner,
    topups,
    generations,
    inbox: createInbox(pool),
    traps,
    variables: { ...variables, ...ownVariables(api) },
    async startWorker() {
      const replayAlways = options.replayAlways ?? true;
      worker = await startWorker({
        config: api.config,
        logger,
        failpoint: traps.failpoint,
        replayAlways,
        providers,
      });
      return worker;
    },
    async stopWorker() {
      traps.clear();
      await worker?.stop();
      worker = undefined;
    },
    async stop() {
      await stack.stopWorker();
      providers.close();
      await close();
      await api.stop();
      await Promise.all([shop.stop(), exchange.stop(), studio.stop(), pool.end(), owner.end()]);
      await database.drop();
    },
  };
  if (options.withWorker ?? true) await stack.startWorker();
  return stack;
}

/** What a process of its own needs to belong to the stack of an API. */
function ownVariables({ config }: TestApi): Record<string, string> {
  return {
    MODE: 'embedded',
    HOLDFAST_HOME: config.home,
    PORT: String(config.api.port),
    METRICS_PORT: '0',
    DATABASE_URL: config.database.ownerUrl.reveal(),
    APP_DATABASE_URL: config.database.url.reveal(),
    BOT_TOKEN: config.botToken.reveal(),
    AUTH_KEYS: config.authKeys.reveal(),
    FILES_SECRET: config.filesSecret.reveal(),
    CATALOGUE_PATH: config.cataloguePath,
    LOG_LEVEL: 'warn',
  };
}

interface ProviderDeps {
  readonly pool: DatabasePool;
  readonly logger: Logger;
}

function createPatientProviders(
  { config, url }: TestApi,
  { pool, logger, starShop }: ProviderDeps & { readonly starShop: StackOptions['starShop'] },
): Providers {
  const way = (provider: string) => createHttp({ provider, logger, breaker: { failures: 1_000_000 } });
  const [yookassa, heleket, kie] = [way('yookassa'), way('heleket'), way('kie')];
  const [files, telegram] = [way('kie-files'), way('telegram')];
  const https = new Map(Object.entries({ yookassa, heleket, kie, 'kie-files': files, telegram }));
  const ton = createTon(config.ton, way);
  return {
    payments: [
      createYookassa({
        ...config.yookassa,
        secretKey: new Secret(config.yookassa.secretKey.reveal()),
        logger,
        http: yookassa,
      }),
      createHeleket({
        ...config.heleket,
        callbackUrl: `${url}/webhooks/heleket`,
        paymentKey: new Secret(config.heleket.paymentKey.reveal()),
        logger,
        http: heleket,
      }),
      ...telegramPayments(config, { http: telegram, book: createTelegramPayments(pool) }),
    ],
    stars: starShop?.stars ?? [],
    generators: [createKieClient({ ...config.kie, http: kie, filesHttp: files })],
    ton: starShop === undefined ? ton : { ...ton, chainWallet: () => Promise.resolve(starShop.wallet) },
    https,
    callsPerSecond: {
      yookassa: config.yookassa.callsPerSecond,
      heleket: config.heleket.callsPerSecond,
      kie: config.kie.callsPerSecond,
    },
    close() {
      for (const http of https.values()) http.close();
    },
  };
}

/** The same with who sells Stars. */
function withStars(providers: Providers, { config }: TestApi, { pool, logger }: ProviderDeps): Providers {
  const http = createHttp({ provider: 'fragment', logger, breaker: { failures: 1_000_000 } });
  const vault = openFragmentVault(config, createFragmentSessions(pool));
  return { ...providers, stars: [createFragment({ ...config.fragment, http, vault, wallet: providers.ton.wallet })] };
}

function definedOnly(variables: EnvironmentVariables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
