import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoBotUsername } from '../core/demo.ts';
import type { Catalogue } from '../core/pricing/catalogue.ts';
import { readBreakers } from '../db/breakers.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { openHearingCache } from '../db/cache-ear.ts';
import { createGenerationAttempts } from '../db/generation-attempts.ts';
import { createGenerations } from '../db/generations.ts';
import { pingDatabase } from '../db/health.ts';
import { createImages } from '../db/images.ts';
import { createInbox } from '../db/inbox.ts';
import { createLogins } from '../db/logins.ts';
import { createOperatorActions } from '../db/operator-actions.ts';
import { createOrderTitles } from '../db/order-titles.ts';
import { createOutbox } from '../db/outbox.ts';
import { createProfiles } from '../db/profiles.ts';
import { type DatabasePool, openPool } from '../db/pool.ts';
import { createRateLimits, type RateLimits } from '../db/rate-limits.ts';
import { createStarPurchases } from '../db/star-purchases.ts';
import { createStarQuotes } from '../db/star-quotes.ts';
import { createTopups } from '../db/topups.ts';
import { createUsers } from '../db/users.ts';
import { openTemporalClient, type TemporalClient } from '../gateway/connection.ts';
import { createDeliveries } from '../gateway/deliveries.ts';
import { createGuides } from '../gateway/guides.ts';
import { createGateway } from '../gateway/gateway.ts';
import { createInboxDelivery } from '../gateway/inbox-delivery.ts';
import { createLedgerReads } from '../ledger/reads.ts';
import { createBlobs } from '../platform/blob-store.ts';
import type { Cache } from '../platform/cache/cache.ts';
import { clientAddress } from '../platform/client-address.ts';
import type { Config } from '../platform/config.ts';
import { createFailpoints, type Failpoint, unarmed } from '../platform/failpoints.ts';
import type { Logger } from '../platform/logger.ts';
import { signInitData } from '../platform/init-data.ts';
import { createSignedNames } from '../platform/signed-names.ts';
import { type ApiMetrics, createApiMetrics } from '../platform/telemetry/api-metrics.ts';
import { createRegistry, type Registry, startMetricsServer, watchFigure } from '../platform/telemetry/registry.ts';
import { type ApiDeps, createApi } from './app.ts';
import { coinTakersOf, type Components, createComponents, providersOf } from './components.ts';
import { createTokens, type Tokens } from './auth/tokens.ts';
import { ensureDemoUsers } from './demo-users.ts';
import { createAdmission } from './middleware/admission.ts';
import { createAuthenticate } from './middleware/authenticate.ts';
import { createTrail } from './middleware/trail.ts';
import { createRealtime, type Realtime, type RealtimePeriods } from './realtime/main.ts';
import type { Route } from './route.ts';
import { adminRoutes } from './routes/admin/index.ts';
import type { WalletWatch } from './routes/admin/overview.ts';
import { accountRoutes } from './routes/account.ts';
import { authRoutes } from './routes/auth.ts';
import { bootstrapRoutes } from './routes/bootstrap.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { extensionOf } from './routes/files.ts';
import { generationRoutes, showGeneration } from './routes/generations.ts';
import { imageRoutes } from './routes/images.ts';
import { starPurchaseRoutes } from './routes/star-purchases.ts';
import { topupRoutes } from './routes/topups.ts';
import { listen } from './server.ts';
import { type AnswerDeliveries, deliverAfterAnswers, type WebhookDeps } from './webhooks/deps.ts';
import { addWebhooks } from './webhooks/index.ts';
import { createTelegramDoor, type TelegramDoor } from './webhooks/telegram-door.ts';

export interface RunningApi {
  readonly url: string;
  readonly metricsUrl: string;
  /** 503 on `/readyz` first, then no new connections, then what is under way, then everything closes. */
  stop(): Promise<void>;
}

export interface RunApiOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly failpoint?: Failpoint;
  readonly now?: () => Date;
  /** How long `/readyz` says 503 before connections are refused, so that a balancer can look away. */
  readonly drainMs?: number;
  readonly deadlines?: ApiDeps['deadlines'];
  readonly livePeriods?: Partial<RealtimePeriods>;
  /** Reads our wallet on the chain for the panel; absent: its balance is not shown. */
  readonly walletWatch?: WalletWatch;
}

/** Connections that webhooks have for themselves, whatever people's requests do to the main pool (L8). */
const webhookPoolSize = 8;
const webhookTimeoutMs = 3_000;
const deliveryPoolSize = 4;
const livePoolSize = 3;
/** Requests that may wait for each connection of the main pool. */
const waitingPerConnection = 16;
const accessTokenSeconds = 15 * 60;
const fileAddressLifetimeMs = 60 * 60 * 1_000;
const stopGraceMs = 8_000;
const defaultDeadlines = { bodyMs: 10_000, answerMs: 12_000 };

/** Starts the API of one process and resolves when it listens. What was opened is closed again when it cannot. */
export async function runApi(options: RunApiOptions): Promise<RunningApi> {
  const parts = await openParts(options);
  try {
    return await serve(options, parts);
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

async function serve(options: RunApiOptions, parts: Parts): Promise<RunningApi> {
  const { config, logger } = options;
  const { host } = config.api;
  const stopping = { now: false };
  const app = createApi(composeApi(options, parts, () => stopping.now));
  if (config.mode === 'embedded') await ensureDemoUsers(createUsers(parts.pool));
  const metricsServer = await startMetricsServer(parts.registry, { host, port: config.metricsPort });
  const realtime = composeRealtime(options, parts);
  const server = await listen(app, { ...config.api, upgrades: realtime }).catch(async (error: unknown) => {
    await Promise.all([realtime.stop(), metricsServer.stop()]);
    throw error;
  });
  logger.info({ port: server.port, metrics: metricsServer.url }, 'api listens');
  return {
    url: `http://${host}:${server.port}`,
    metricsUrl: metricsServer.url,
    async stop() {
      stopping.now = true;
      await new Promise((resolve) => setTimeout(resolve, options.drainMs ?? 0));
      await Promise.all([realtime.stop(), server.stop(stopGraceMs)]);
      await metricsServer.stop();
      await closeParts(parts);
    },
  };
}

async function closeParts(parts: Parts): Promise<void> {
  // A call to Temporal that is still being repeated would fail loudly once its connection is closed.
  await Promise.all([parts.deliveries.settled(), parts.telegram.settled()]);
  await Promise.all([parts.rates.close(), parts.temporal.close(), parts.cache.close()]);
  const { pool, deliveryPool, webhookPool, livePool } = parts;
  await Promise.all([pool, deliveryPool, webhookPool, livePool].map((each) => each.end()));
}

interface Parts {
  readonly pool: DatabasePool;
  readonly webhookPool: DatabasePool;
  /** Held while a fact is handed to its saga, so that this cannot starve what the handing itself reads. */
  readonly deliveryPool: DatabasePool;
  /** Of live updates, which read in turns: they neither starve requests nor are starved by them. */
  readonly livePool: DatabasePool;
  /** What may be stale; never money. */
  readonly cache: Cache;
  readonly temporal: TemporalClient;
  readonly tokens: Tokens;
  readonly rates: RateLimits;
  readonly registry: Registry;
  readonly metrics: ApiMetrics;
  readonly deliveries: AnswerDeliveries;
  readonly telegram: TelegramDoor;
  readonly failpoint: Failpoint;
  readonly components: Components;
  readonly now: () => Date;
}

async function openParts(options: RunApiOptions): Promise<Parts> {
  const { config, logger, failpoint = failpointsOf(config), now = () => new Date() } = options;
  const url = config.database.url.reveal();
  const common = { url, logger, checkRows: config.mode === 'embedded' };
  const [pool, deliveryPool, livePool, webhookPool] = await Promise.all([
    openPool({ ...common, size: config.database.poolSize, applicationName: 'holdfast-api' }),
    openPool({ ...common, size: deliveryPoolSize, applicationName: 'holdfast-delivery' }),
    openPool({ ...common, size: livePoolSize, applicationName: 'holdfast-live' }),
    openPool({
      ...common,
      size: webhookPoolSize,
      applicationName: 'holdfast-webhooks',
      statementTimeoutMs: webhookTimeoutMs,
      acquireTimeoutMs: webhookTimeoutMs,
    }),
  ]);
  const registry = createRegistry('api');
  watchPool(registry, pool);
  const tokens = await createTokens({
    authKeys: config.authKeys.reveal(),
    secret: config.filesSecret.reveal(),
    lifetimeSeconds: accessTokenSeconds,
    now,
  });
  const cache = await openHearingCache({ config: config.cache, databaseUrl: url, registry, logger });
  const temporal = openTemporalClient(config.temporal);
  const delivery = createInboxDelivery({
    client: temporal.client,
    inbox: createInbox(deliveryPool),
    topups: createTopups(pool),
    attempts: createGenerationAttempts(pool),
    logger,
    failpoint,
  });
  return {
    pool,
    webhookPool,
    deliveryPool,
    livePool,
    cache,
    temporal,
    tokens,
    rates: createRateLimits({ databaseUrl: url, figures: config.ratesPerMinute, logger }),
    registry,
    metrics: createApiMetrics(registry),
    deliveries: deliverAfterAnswers(createDeliveries((streamKey) => delivery.deliver(streamKey), deliveryPoolSize)),
    telegram: createTelegramDoor({ pool: webhookPool, logger, failpoint }),
    failpoint,
    components: composeComponents(config, { pool, temporal, cache, now }),
    now,
  };
}

/** What `/readyz?verbose` tells of: parts that are asked, and providers by the breakers that all processes share. */
function composeComponents(config: Config, parts: Pick<Parts, 'pool' | 'temporal' | 'cache' | 'now'>): Components {
  const { pool, now } = parts;
  const hasRedis = config.cache.redisUrl !== undefined;
  const used = Object.entries(providersOf(config)).map(([name, provider]) => [name, provider.used] as const);
  return createComponents({
    parts: { ...readinessOf(parts), ...(hasRedis ? { redis: () => parts.cache.check() } : {}) },
    absent: hasRedis ? [] : ['redis'],
    providers: Object.fromEntries(used),
    readBreakers: () => readBreakers(pool),
    readEndedLogIns: () => createFragmentSessions(pool).endedLogIns(),
    now,
  });
}

function failpointsOf(config: Config): Failpoint {
  return config.mode === 'production' ? unarmed : createFailpoints({ spec: config.failpoints });
}

function watchPool(registry: Registry, pool: DatabasePool): void {
  watchFigure(registry, {
    name: 'holdfast_pool_waiting',
    help: 'Callers that wait for a connection of the main pool',
    read: () => pool.state().waitingClients,
  });
}

/** Puts the pieces of the HTTP surface together. */
function composeApi(options: RunApiOptions, parts: Parts, isStopping: () => boolean): ApiDeps {
  const { config, logger } = options;
  const { pool, metrics, now } = parts;
  const blobs = createBlobs(config.blobs);
  const { signedNames, fileUrl } = signedFiles(config, now);
  const deadlines = options.deadlines ?? defaultDeadlines;
  const { trustedProxyCount, publicUrl, corsOrigins } = config.api;
  return {
    logger,
    metrics,
    version: packageVersion(),
    publicUrl,
    corsOrigins,
    deadlines,
    authenticate: createAuthenticate({ tokens: parts.tokens, logins: createLogins(pool) }),
    admission: createAdmission({ rates: parts.rates, metrics, trustedProxyCount }),
    trail: createTrail(createOperatorActions(pool)),
    routes: [...composeRoutes(options, parts, { blobs, fileUrl }), ...composeAdminRoutes(options, parts)],
    files: { blobs, signedNames, now },
    webapp: webappDeps(config, now),
    readiness: { isStopping, parts: readinessOf(parts), components: parts.components, mode: config.mode },
    addWebhooks: (router) => addWebhooks(router, webhookDeps(parts, deadlines.bodyMs), { config, now }),
    waiting: { now: () => pool.state().waitingClients, max: config.database.poolSize * waitingPerConnection },
  };
}

function webappDeps({ mode, api, telegram, botToken, botUsername }: Config, now: () => Date): ApiDeps['webapp'] {
  const isSimulated = mode === 'embedded' && telegram.simulated;
  return {
    folder: join(import.meta.dirname, '..', 'webapp', 'dist'),
    publicUrl: api.publicUrl,
    botUsername: botUsername ?? (isSimulated ? demoBotUsername : undefined),
    simulated: isSimulated
      ? {
          origin: new URL(telegram.apiUrl).origin,
          signInitData: (user) => signInitData(user, botToken.reveal(), now()),
        }
      : undefined,
  };
}

/** How the addresses of stored pictures are made and read. */
function signedFiles({ api, filesSecret }: Config, now: () => Date) {
  const signedNames = createSignedNames({ secret: filesSecret.reveal(), lifetimeMs: fileAddressLifetimeMs });
  const fileUrl: RouteParts['fileUrl'] = ({ blobKey, mime }) =>
    `${api.publicUrl}/files/${signedNames.sign({ blobKey, extension: extensionOf(mime) }, now())}`;
  return { signedNames, fileUrl };
}

function composeRealtime({ config, logger, livePeriods }: RunApiOptions, parts: Parts): Realtime {
  const { tokens, rates, registry, now, livePool } = parts;
  const { corsOrigins, trustedProxyCount } = config.api;
  const shown = { generations: createGenerations(livePool), fileUrl: signedFiles(config, now).fileUrl };
  return createRealtime({
    databaseUrl: config.database.url.reveal(),
    pool: livePool,
    tokens,
    corsOrigins,
    admitAddress: ({ socket, headers }) => {
      const forwarded = headers['x-forwarded-for'];
      const address = clientAddress(socket.remoteAddress, forwarded?.toString(), trustedProxyCount);
      return rates.admitAddress(address ?? 'unknown');
    },
    showGeneration: (generation) => showGeneration(shown, generation),
    registry,
    logger,
    now,
    ...(livePeriods === undefined ? {} : { periods: livePeriods }),
  });
}

interface RouteParts {
  readonly blobs: ReturnType<typeof createBlobs>;
  readonly fileUrl: (file: { blobKey: string; mime: string }) => string;
}

function composeRoutes(
  { config, catalogue, logger }: RunApiOptions,
  parts: Parts,
  { blobs, fileUrl }: RouteParts,
): Route[] {
  const { pool, tokens, metrics, now } = parts;
  const [topups, generations, images] = [createTopups(pool), createGenerations(pool), createImages(pool)];
  const starPurchases = createStarPurchases(pool);
  const gateway = createGateway({ client: parts.temporal.client, pool, logger });
  const guides = createGuides({ gateway, cache: parts.cache, logger, now });
  const ledger = createLedgerReads(pool);
  const profiles = createProfiles({ db: pool, cache: parts.cache });
  const botToken = config.botToken.reveal();
  const uploadsFolder = join(config.home, 'uploads');
  return [
    ...authRoutes({ users: createUsers(pool), logins: createLogins(pool), tokens, botToken, metrics, now }),
    ...bootstrapRoutes({ ledger, profiles, catalogue, generations, topups, starPurchases, fileUrl }),
    ...starPurchaseRoutes({
      catalogue,
      gateway,
      starPurchases,
      starQuotes: createStarQuotes(pool),
      guides,
    }),
    ...accountRoutes({
      users: createUsers(pool),
      profiles,
      ledger,
      outbox: createOutbox(pool),
      orderTitles: createOrderTitles(pool),
      catalogue,
    }),
    ...catalogueRoutes(catalogue, { guides, coinTakers: coinTakersOf(config) }),
    ...topupRoutes({ catalogue, gateway, topups }),
    ...imageRoutes({ images, blobs, uploadsFolder }),
    ...generationRoutes({ catalogue, gateway, generations, images, fileUrl }),
  ];
}

function readinessOf({ pool, temporal }: Pick<Parts, 'pool' | 'temporal'>) {
  return { database: () => pingDatabase(pool), temporal: () => pingTemporal(temporal) };
}

function composeAdminRoutes({ config, logger, walletWatch }: RunApiOptions, parts: Parts): Route[] {
  const { pool, temporal } = parts;
  const gateway = createGateway({ client: temporal.client, pool, logger });
  const profiles = createProfiles({ db: pool, cache: parts.cache });
  const watching = walletWatch === undefined ? {} : { walletWatch };
  return adminRoutes({ config, pool, profiles, gateway, readiness: readinessOf(parts), ...watching });
}

function webhookDeps(parts: Parts, bodyDeadlineMs: number): WebhookDeps {
  const inbox = createInbox(parts.webhookPool);
  const attempts = createGenerationAttempts(parts.webhookPool);
  const store: WebhookDeps['inbox']['store'] = async (fact) => {
    const stored = await inbox.store(fact);
    await parts.failpoint('webhook.after-store');
    return stored;
  };
  const { metrics, deliveries, telegram } = parts;
  return { inbox: { store }, attempts, metrics, bodyDeadlineMs, deliveries, telegram };
}

async function pingTemporal({ connection }: TemporalClient): Promise<void> {
  await connection.withDeadline(Date.now() + 1_500, () => connection.workflowService.getSystemInfo({}));
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
