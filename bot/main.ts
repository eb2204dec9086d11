import { join } from 'node:path';
import type { Catalogue } from '../core/pricing/catalogue.ts';
import { createBotDrafts } from '../db/bot-drafts.ts';
import { createBotSessions } from '../db/bot-sessions.ts';
import { createBotUpdates, updatesChannel } from '../db/bot-updates.ts';
import { openBreakers } from '../db/breakers.ts';
import { createCases } from '../db/cases.ts';
import { createChatNews } from '../db/chat-news.ts';
import { createChats } from '../db/chats.ts';
import { createGenerationAttempts } from '../db/generation-attempts.ts';
import { createGenerations } from '../db/generations.ts';
import { createImages } from '../db/images.ts';
import { createInbox } from '../db/inbox.ts';
import { startListener } from '../db/listener.ts';
import { createOperatorActions } from '../db/operator-actions.ts';
import { createOrderHistory } from '../db/order-history.ts';
import { createOrderTitles } from '../db/order-titles.ts';
import { type DatabasePool, openPool } from '../db/pool.ts';
import { createRateLimits, type RateLimits } from '../db/rate-limits.ts';
import { createReferrals } from '../db/referrals.ts';
import { createSendTurns } from '../db/send-turns.ts';
import { createStarCases } from '../db/star-cases.ts';
import { createStarPurchases } from '../db/star-purchases.ts';
import { createStarQuotes } from '../db/star-quotes.ts';
import { createStarStatusMessages } from '../db/star-status-messages.ts';
import { createStatusMessages } from '../db/status-messages.ts';
import { openStreamLocks, type StreamLocks } from '../db/stream-locks.ts';
import { createTelegramPayments } from '../db/telegram-payments.ts';
import { createTopups } from '../db/topups.ts';
import { createUsers } from '../db/users.ts';
import { openTemporalClient, type TemporalClient } from '../gateway/connection.ts';
import { createDeliveries, type Deliveries } from '../gateway/deliveries.ts';
import { createGateway } from '../gateway/gateway.ts';
import { createInboxDelivery } from '../gateway/inbox-delivery.ts';
import { createPreCheckout } from '../gateway/pre-checkout.ts';
import { createTelegramIntake } from '../gateway/telegram-intake.ts';
import { createLedgerReads } from '../ledger/reads.ts';
import { createBlobs } from '../platform/blob-store.ts';
import type { Config } from '../platform/config.ts';
import { createFailpoints, type Failpoint, unarmed } from '../platform/failpoints.ts';
import type { Logger } from '../platform/logger.ts';
import { createRegistry, startMetricsServer, watchFigure } from '../platform/telemetry/registry.ts';
import { createTexts, type Texts } from '../platform/texts.ts';
import { createHttp, type Http } from '../providers/http.ts';
import { createTelegramClient, type TelegramClient, telegramBreaker } from '../providers/telegram/client.ts';
import { syncProfile } from './commands.ts';
import { createBot } from './create-bot.ts';
import type { BotDeps } from './deps.ts';
import { startDispatcher } from './dispatcher.ts';
import { askIdentity, type BotIdentity } from './identity.ts';
import { type BotMetrics, createBotMetrics } from './metrics.ts';
import { createNotices, type Notices } from './notices.ts';
import { createOperatorCommands } from './operator-commands.ts';
import { createPaymentScreens } from './payment-screens.ts';
import { createPictures } from './pictures.ts';
import { startPoller } from './poller.ts';
import type { Sender, UpdateHandler } from './ports.ts';
import { createPresence } from './presence.ts';
import type { SendLimits } from './send-limits.ts';
import { createSendQueue, type SendQueue } from './send-queue.ts';
import { startStatusEditor } from './status-editor.ts';
import { createUpdatePump, type UpdatePump } from './update-pump.ts';
import { registerWebhook } from './webhook.ts';
import { createWords, type Words } from './words.ts';

export interface RunningBot {
  readonly identity: BotIdentity;
  readonly metricsUrl: string;
  /** Takes nothing more in, lets what is under way end, and leaves the rest in the database. */
  stop(): Promise<void>;
}

export interface RunBotOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  /** Ends a start that Telegram keeps waiting. */
  readonly closing?: AbortSignal;
  readonly failpoint?: Failpoint;
  /** For tests and benches of the engine: what handles updates, and how fast messages may leave. */
  readonly handler?: UpdateHandler;
  readonly limits?: SendLimits;
  /** For tests of what is postponed. */
  readonly retryDelayMs?: number;
}

const handlersGraceMs = 3_000;
/** Connections that are held while payments are handed to their sagas, apart from what the handing itself reads. */
const deliveryPoolSize = 2;

/** Starts one bot process and resolves when it works. Several may run side by side. */
export async function runBot(options: RunBotOptions): Promise<RunningBot> {
  const { config, logger } = options;
  const pools = await openPools(config, logger);
  const ways = openWays(config, logger, pools.main);
  const telegram = clientOver(config, ways.calls);
  const closing = options.closing ?? new AbortController().signal;
  const identity = await askIdentity(telegram, logger, closing).catch(async (error: unknown) => {
    await closeOutside(pools, ways);
    throw error;
  });
  const temporal = openTemporalClient(config.temporal);
  const registry = createRegistry('bot');
  const metrics = createBotMetrics(registry);
  const chats = createChats(pools.main);
  const sender = createSendQueue({
    telegram,
    logger,
    turns: createSendTurns(pools.main),
    unreachable: (chatId) => chats.markBlocked(chatId),
    observe({ method, outcome, waitedMs }) {
      metrics.calls.inc({ method, outcome });
      metrics.waited.observe(waitedMs / 1_000);
    },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const rates = createRateLimits({ databaseUrl: config.database.url.reveal(), figures: config.ratesPerMinute, logger });
  const texts = textsOf(pools.main);
  const parts: Parts = { telegram, identity, pool: pools.main, temporal, metrics, sender, rates, texts };
  const locks = await openStreamLocks(pools.locks, logger);
  const pump = startPump(options, parts, locks);
  const ear = startListener({
    url: config.database.url.reveal(),
    channel: updatesChannel,
    applicationName: 'holdfast-bot-ear',
    logger,
    heard: (names) => pump.wake(names === '' ? undefined : names.split(',')),
    opened: () => pump.wake(),
  });
  const loops = startLoops(options, parts);
  const deliveries = startDeliveries(options, parts, pools.delivery);
  const intake = startIntake(options, parts, { locks, pump, deliveries, pollHttp: ways.polls });
  watch(registry, parts);
  const profile = options.handler === undefined ? syncOurProfile(options, parts) : Promise.resolve();
  const { host } = config.api;
  const metricsServer = await startMetricsServer(registry, { host, port: config.metricsPort });
  logger.info({ username: identity.username, updates: config.telegram.updates }, 'the bot works');
  return {
    identity,
    metricsUrl: metricsServer.url,
    async stop() {
      await Promise.all([intake.stop(), ear.stop(), profile]);
      await pump.stop(handlersGraceMs);
      await sender.stop();
      await Promise.all([loops.stop(), pump.stop(handlersGraceMs)]);
      await Promise.all([locks.stop(), deliveries.settled()]);
      await Promise.all([metricsServer.stop(), temporal.close(), rates.close()]);
      await closeOutside(pools, ways);
    },
  };
}

interface Parts {
  readonly telegram: TelegramClient;
  readonly identity: BotIdentity;
  readonly pool: DatabasePool;
  readonly temporal: TemporalClient;
  readonly metrics: BotMetrics;
  readonly sender: SendQueue;
  readonly rates: RateLimits;
  readonly texts: { readonly texts: Texts; readonly words: (language: string) => Words; readonly notices: Notices };
}

function clientOver({ telegram, botToken }: Config, http: Http): TelegramClient {
  return createTelegramClient({ apiUrl: telegram.apiUrl, botToken, http });
}

/** The ways out to Telegram: its breakers are shared with all other processes. */
function openWays({ database }: Config, logger: Logger, db: DatabasePool) {
  const databaseUrl = database.url.reveal();
  const breakers = openBreakers({ db, databaseUrl, applicationName: 'holdfast-bot-breakers', logger });
  const common = { logger, breaker: telegramBreaker, breakerBook: breakers };
  return {
    breakers,
    calls: createHttp({ provider: 'telegram', ...common }),
    polls: createHttp({ provider: 'telegram-poll', ...common }),
  };
}

async function closeOutside(pools: Awaited<ReturnType<typeof openPools>>, ways: ReturnType<typeof openWays>) {
  await ways.breakers.stop();
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
  for (const http of [ways.calls, ways.polls]) http.close();
}

async function openPools(config: Config, logger: Logger) {
  const common = { url: config.database.url.reveal(), logger, checkRows: config.mode === 'embedded' };
  const [main, locks, delivery] = await Promise.all([
    openPool({ ...common, size: config.database.poolSize, applicationName: 'holdfast-bot' }),
    openPool({ ...common, size: 1, applicationName: 'holdfast-bot-locks' }),
    openPool({ ...common, size: deliveryPoolSize, applicationName: 'holdfast-bot-delivery' }),
  ]);
  return { main, locks, delivery };
}

function textsOf(pool: DatabasePool): Parts['texts'] {
  const texts = createTexts();
  const words = createWords(texts);
  const orders = {
    generations: createGenerations(pool),
    topups: createTopups(pool),
    starPurchases: createStarPurchases(pool),
    drafts: createBotDrafts(pool),
  };
  return { texts, words, notices: createNotices({ words, ledger: createLedgerReads(pool), ...orders }) };
}

function startPump(options: RunBotOptions, parts: Parts, locks: StreamLocks): UpdatePump {
  const { pool, metrics } = parts;
  return createUpdatePump({
    updates: createBotUpdates(pool),
    locks,
    handler: options.handler ?? createBot(botDeps(options, parts)),
    notice: createPresence({ chats: createChats(pool), payments: createTelegramPayments(pool) }),
    logger: options.logger,
    metrics,
    failpoint: options.failpoint ?? failpointsOf(options.config),
    ...(options.retryDelayMs === undefined ? {} : { retryDelayMs: options.retryDelayMs }),
  });
}

function failpointsOf(config: Config): Failpoint {
  return config.mode === 'production' ? unarmed : createFailpoints({ spec: config.failpoints });
}

function botDeps({ config, logger, catalogue }: RunBotOptions, parts: Parts): BotDeps {
  const { pool, temporal, texts } = parts;
  const [topups, generations] = [createTopups(pool), createGenerations(pool)];
  return {
    botInfo: parts.identity,
    sender: parts.sender,
    telegram: parts.telegram,
    operatorCommands: createOperatorCommands({ telegram: parts.telegram, logger }),
    words: texts.words,
    notices: texts.notices,
    catalogue,
    gateway: createGateway({ client: temporal.client, pool, logger }),
    users: createUsers(pool),
    referrals: createReferrals(pool),
    sessions: createBotSessions(pool),
    drafts: createBotDrafts(pool),
    topups,
    generations,
    statusMessages: createStatusMessages(pool),
    starPurchases: createStarPurchases(pool),
    starQuotes: createStarQuotes(pool),
    starMessages: createStarStatusMessages(pool),
    starCases: createStarCases(pool),
    operatorActions: createOperatorActions(pool),
    images: createImages(pool),
    orderTitles: createOrderTitles(pool),
    orderHistory: createOrderHistory(pool),
    ledger: createLedgerReads(pool),
    cases: createCases(pool),
    rates: parts.rates,
    metrics: parts.metrics,
    blobs: createBlobs(config.blobs),
    uploadsFolder: join(config.home, 'uploads'),
    miniAppUrl: miniAppUrl(config),
    logger,
  };
}

/** Telegram opens pages over https alone; its simulator is not so strict. */
function miniAppUrl({ telegram }: Config): string | undefined {
  return telegram.simulated || telegram.miniAppUrl.startsWith('https:') ? telegram.miniAppUrl : undefined;
}

/** Commands, descriptions and the menu button; the bot does not wait for them. */
async function syncOurProfile({ config, logger }: RunBotOptions, { telegram, texts }: Parts): Promise<void> {
  try {
    const written = await syncProfile({ telegram, texts: texts.texts, miniAppUrl: miniAppUrl(config), logger });
    if (written.length > 0) logger.info({ written }, 'the profile of the bot was brought up to date');
  } catch (error) {
    logger.error({ err: error }, 'the profile of the bot could not be brought up to date');
  }
}

/** What writes into chats by itself: news out of the outbox, and the messages of generations. */
function startLoops({ config, logger }: RunBotOptions, parts: Parts): { stop(): Promise<void> } {
  const { pool, sender, metrics, identity } = parts;
  const { notices } = parts.texts;
  const sending: { sender: Sender; logger: Logger } = { sender, logger };
  const paymentScreens = createPaymentScreens({
    sender,
    sessions: createBotSessions(pool),
    topups: createTopups(pool),
    words: parts.texts.words,
  });
  const dispatcher = startDispatcher({ ...sending, notices, paymentScreens, metrics, news: createChatNews(pool) });
  const editor = startStatusEditor({
    ...sending,
    notices,
    messages: createStatusMessages(pool),
    generations: createGenerations(pool),
    starMessages: createStarStatusMessages(pool),
    starPurchases: createStarPurchases(pool),
    pictures: createPictures({ botId: identity.id, chats: createChats(pool), blobs: createBlobs(config.blobs) }),
  });
  return {
    async stop() {
      await Promise.all([dispatcher.stop(), editor.stop()]);
    },
  };
}

/** Payments that this process has stored are handed to their sagas at once, beside the worker's pump. */
function startDeliveries(options: RunBotOptions, { pool, temporal }: Parts, deliveryPool: DatabasePool): Deliveries {
  const delivery = createInboxDelivery({
    client: temporal.client,
    inbox: createInbox(deliveryPool),
    topups: createTopups(pool),
    attempts: createGenerationAttempts(pool),
    logger: options.logger,
    failpoint: options.failpoint ?? failpointsOf(options.config),
  });
  return createDeliveries((streamKey) => delivery.deliver(streamKey), deliveryPoolSize);
}

interface Door {
  readonly locks: StreamLocks;
  readonly pump: UpdatePump;
  readonly deliveries: Deliveries;
  readonly pollHttp: Http;
}

/** Where updates come from: polls of our own, or the webhook that the API serves. */
function startIntake({ config, logger }: RunBotOptions, parts: Parts, door: Door): { stop(): Promise<void> } {
  if (config.telegram.updates === 'webhook') {
    const stopping = new AbortController();
    const url = `${config.api.webhookUrl}/webhooks/telegram`;
    const { webhookSecret: secret } = config.telegram;
    const registered = registerWebhook({ telegram: parts.telegram, url, secret, logger, signal: stopping.signal });
    return { stop: () => (stopping.abort(), registered) };
  }
  const payments = createTelegramPayments(parts.pool);
  return startPoller({
    telegram: clientOver(config, door.pollHttp),
    intake: createTelegramIntake({
      botUpdates: createBotUpdates(parts.pool),
      preCheckout: createPreCheckout({ payments, logger }),
      payments,
      logger,
    }),
    locks: door.locks,
    wake: (streamKeys) => door.pump.wake(streamKeys),
    deliver: (factStreamKey) => door.deliveries.begin(factStreamKey, logger),
    hangUp: () => door.pollHttp.close(),
    logger,
    metrics: parts.metrics,
  });
}

function watch(registry: ReturnType<typeof createRegistry>, { pool, sender }: Parts): void {
  const updates = createBotUpdates(pool);
  const figures: [string, string, () => Promise<number> | number][] = [
    ['updates_pending', 'Updates that are not handled yet', async () => (await updates.figures()).pending],
    ['updates_set_aside', 'Updates that were given up', async () => (await updates.figures()).setAside],
    [
      'updates_oldest_seconds',
      'Age of the oldest unhandled update',
      async () => (await updates.figures()).oldestSeconds,
    ],
    ['calls_waiting', 'Calls that wait for their turn', () => sender.waiting()],
  ];
  for (const [name, help, read] of figures) watchFigure(registry, { name: `holdfast_bot_${name}`, help, read });
}
