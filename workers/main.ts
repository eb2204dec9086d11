import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { flowsQueue, providerQueue, waitsQueue } from '../core/queues.ts';
import { openBreakers } from '../db/breakers.ts';
import { createCallTurns } from '../db/call-turns.ts';
import { openHearingCache } from '../db/cache-ear.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { createGenerationAttempts } from '../db/generation-attempts.ts';
import { createInbox } from '../db/inbox.ts';
import { type DatabasePool, openPool } from '../db/pool.ts';
import { createTelegramPayments } from '../db/telegram-payments.ts';
import { createTopups } from '../db/topups.ts';
import { connectionOptions, openTemporalClient, payloadConverterPath } from '../gateway/connection.ts';
import { createGateway } from '../gateway/gateway.ts';
import { createInboxDelivery } from '../gateway/inbox-delivery.ts';
import type { Config } from '../platform/config.ts';
import { createFailpoints, type Failpoint, unarmed } from '../platform/failpoints.ts';
import type { Logger } from '../platform/logger.ts';
import { createProviders, type Providers } from '../providers/registry.ts';
import { startDispatcher } from './dispatcher.ts';
import { startPumps } from './pumps.ts';
import { shutdown, slots } from './queues.ts';
import { ensureSchedules } from './schedules.ts';
import type { WorkerTelemetry } from './telemetry.ts';
import { wireActivities, workflowsPath } from './wiring.ts';

export interface RunningWorker {
  /** Resolves when it was stopped, rejects when a part of it died. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface StartWorkerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly failpoint?: Failpoint;
  /** Keep no workflow in memory, so that every task replays its whole history: for tests. */
  readonly replayAlways?: boolean;
  readonly providers?: Providers;
  readonly telemetry?: (pool: DatabasePool) => WorkerTelemetry;
}

/** The size of the pool that deliveries hold while they signal, apart from the one that moves money. */
const deliveryPoolSize = 4;

/**
 * Hosts workflows and activities of all queues in one process, with the pumps. Several processes may run side by side.
 * Stopping lets running activities finish for a while; what does not is tried again elsewhere, under its key.
 */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { config, logger } = options;
  const failpoint = options.failpoint ?? failpointsOf(config);
  const pools = await openPools(config, logger);
  const telemetry = options.telemetry?.(pools.main);
  const observe = telemetry?.money.providerAnswered;
  const breakers = openBreakers({
    db: pools.main,
    databaseUrl: config.database.url.reveal(),
    applicationName: 'holdfast-worker-breakers',
    logger,
  });
  const providers =
    options.providers ??
    createProviders({
      config,
      logger,
      chargeBook: createTelegramPayments(pools.main),
      fragmentSessions: createFragmentSessions(pools.main),
      breakerBook: breakers,
      callTurns: createCallTurns(pools.main),
      ...(observe === undefined ? {} : { observe }),
    });
  telemetry?.watchProviders(providers.https);
  const temporal = openTemporalClient(config.temporal);
  const connection = await NativeConnection.connect(connectionOptions(config.temporal));
  const databaseUrl = config.database.url.reveal();
  const cache = await openHearingCache({ config: config.cache, databaseUrl, registry: telemetry?.registry, logger });
  const wired = wireActivities({ config, pool: pools.main, cache, providers, failpoint, metrics: telemetry?.money });
  const activities = createActivities(wired);
  const workers = await createWorkers({ ...options, connection, activities, providers });
  await ensureSchedules(temporal.client);

  const shared = {
    client: temporal.client,
    topups: createTopups(pools.main),
    attempts: createGenerationAttempts(pools.main),
    inbox: createInbox(pools.delivery),
    logger,
    failpoint,
  };
  const pumps = startPumps({
    delivery: createInboxDelivery(shared),
    gateway: createGateway({ ...shared, pool: pools.main }),
    logger,
    keepsSessions: providers.stars.length > 0,
  });
  const dispatcher = startDispatcher({ databaseUrl, logger });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const ended = running.then(async () => {
    await Promise.all([pumps.stop(), dispatcher.stop()]);
    await temporal.close();
    await Promise.all([connection.close(), breakers.stop(), cache.close()]);
    await Promise.all([pools.main.end(), pools.delivery.end()]);
    if (!options.providers) providers.close();
  });

  return {
    ended,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

function failpointsOf(config: Config): Failpoint {
  if (config.mode === 'production') return unarmed;
  return createFailpoints({ spec: config.failpoints });
}

async function openPools(config: Config, logger: Logger) {
  const common = { url: config.database.url.reveal(), logger, checkRows: config.mode === 'embedded' };
  const [main, delivery] = await Promise.all([
    openPool({ ...common, size: config.database.poolSize, applicationName: 'holdfast-worker' }),
    openPool({ ...common, size: deliveryPoolSize, applicationName: 'holdfast-delivery' }),
  ]);
  return { main, delivery };
}

interface WorkerParts extends StartWorkerOptions {
  readonly connection: NativeConnection;
  readonly activities: object;
  readonly providers: Providers;
}

/** One Temporal worker per queue: flows with their local activities, each provider, and the idle waits. */
async function createWorkers(parts: WorkerParts): Promise<Worker[]> {
  const { config, activities, connection } = parts;
  const bundle = config.workflowBundlePath;
  const common = {
    connection,
    namespace: config.temporal.namespace,
    activities,
    identity: `${process.pid}@${randomUUID().slice(0, 8)}`,
    shutdownGraceTime: shutdown.graceMs,
    shutdownForceTime: shutdown.forceMs,
    dataConverter: { payloadConverterPath },
  } satisfies Partial<WorkerOptions>;
  const { payments, generators, stars } = parts.providers;
  const names = [...payments, ...generators, ...stars].map(({ name }) => name);
  return Promise.all([
    Worker.create({
      ...common,
      ...slots.flows,
      ...(bundle === undefined ? { workflowsPath } : { workflowBundle: { codePath: bundle } }),
      ...(parts.replayAlways ? { maxCachedWorkflows: 0 } : {}),
      taskQueue: flowsQueue,
    }),
    ...names.map((name) =>
      Worker.create({ ...common, ...slots.provider, ...rateOf(parts.providers, name), taskQueue: providerQueue(name) }),
    ),
    Worker.create({
      ...common,
      ...slots.waits,
      shutdownGraceTime: shutdown.waitsGraceMs,
      taskQueue: waitsQueue,
    }),
  ]);
}

function rateOf(providers: Providers, name: string): { maxTaskQueueActivitiesPerSecond?: number } {
  const rate = providers.callsPerSecond[name];
  return rate === undefined ? {} : { maxTaskQueueActivitiesPerSecond: rate };
}
