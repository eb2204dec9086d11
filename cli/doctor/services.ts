import { judgeProvider, systemOf } from '../../core/components.ts';
import { readBreakers } from '../../db/breakers.ts';
import { readDatabaseCondition } from '../../db/condition.ts';
import { openTemporalClient } from '../../gateway/connection.ts';
import { openAuditPool } from '../../ledger/audit.ts';
import { checkRedis } from '../../platform/cache/open-cache.ts';
import type { Config } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { createProviders } from '../../providers/registry.ts';
import type { Outcome } from '../../core/result.ts';
import { searchAttributes } from '../infrastructure/temporal.ts';
import { failure, type Finding, ok, reasonOf, warning } from './finding.ts';

const postgresVersionMin = 15;

export async function checkDatabase({ database, mode }: Config): Promise<Finding> {
  try {
    const owner = await readDatabaseCondition(database.ownerUrl.reveal());
    const application = await readDatabaseCondition(database.url.reveal());
    const detail = `PostgreSQL ${owner.version}, ${new URL(database.ownerUrl.reveal()).host}`;
    if (owner.version < postgresVersionMin)
      return failure('database', detail, `use version ${postgresVersionMin} or later`);
    if (owner.pending.length > 0) {
      return failure('database', `${detail}; not applied: ${owner.pending.join(', ')}`, 'run `holdfast migrate`');
    }
    if (!application.mayWriteLedger) return ok('database', detail);
    const advice = 'point APP_DATABASE_URL at a login that is not the owner and run `holdfast migrate`';
    const said = `${detail}; the application's login can write the ledger's tables`;
    return mode === 'production' ? failure('database', said, advice) : warning('database', said, advice);
  } catch (error) {
    const advice =
      mode === 'embedded' ? 'run `npm start`, or check DATABASE_URL' : 'check DATABASE_URL and APP_DATABASE_URL';
    return failure('database', reasonOf(error), advice);
  }
}

/** Providers that are left alone for a while, as all processes have agreed. */
export async function checkBreakers(config: Config): Promise<Finding[]> {
  try {
    const ways = await breakersOf(config);
    const names = new Set(ways.filter(({ state }) => state !== 'closed').map(({ way }) => systemOf(way)));
    if (names.size === 0) return [ok('breakers', 'closed: calls to every provider go through')];
    const advice = 'nothing is lost: it is tried again by itself; see the line of the provider';
    return [...names].map((name) => {
      return warning(`breaker ${name}`, judgeProvider(name, { isConfigured: true, ways }).detail, advice);
    });
  } catch (error) {
    return [warning('breakers', `cannot be read: ${reasonOf(error)}`, 'see the line of the database')];
  }
}

async function breakersOf({ database }: Config) {
  const logger = createLogger({ name: 'doctor', level: 'silent', pretty: false });
  const pool = await openAuditPool(database.ownerUrl.reveal(), logger);
  try {
    return await readBreakers(pool);
  } finally {
    await pool.end();
  }
}

/** The Redis of the caches, where one is set up. Everything works without it, so that its absence is a warning. */
export async function checkCache({ cache: { redisUrl } }: Config): Promise<Finding[]> {
  if (redisUrl === undefined) return [];
  try {
    await checkRedis(redisUrl.reveal(), createLogger({ name: 'doctor', level: 'silent', pretty: false }));
    return [ok('redis', 'answers')];
  } catch (error) {
    const said = `does not answer, so that nothing is cached in it: ${reasonOf(error)}`;
    return [warning('redis', said, 'check REDIS_URL, or unset it')];
  }
}

export async function checkTemporal({ temporal: settings, mode }: Config): Promise<Finding> {
  const temporal = openTemporalClient(settings);
  const { namespace } = settings;
  const where = settings.address ?? 'from envconfig';
  try {
    return await temporal.connection.withDeadline(Date.now() + 5_000, async () => {
      await temporal.connection.workflowService.describeNamespace({ namespace });
      const { customAttributes } = await temporal.connection.operatorService.listSearchAttributes({ namespace });
      const missing = Object.keys(searchAttributes).filter((name) => customAttributes?.[name] === undefined);
      const detail = `${where}, namespace ${namespace}`;
      if (missing.length === 0) return ok('temporal', detail);
      const command = 'temporal operator search-attribute create --name NAME --type Keyword (Attention: Bool)';
      return failure('temporal', `${detail}; search attributes are missing: ${missing.join(', ')}`, command);
    });
  } catch (error) {
    const advice =
      mode === 'embedded' ? 'run `npm start`, or check TEMPORAL_ADDRESS' : 'check TEMPORAL_ADDRESS and its TLS';
    return failure('temporal', `${where} does not answer: ${reasonOf(error)}`, advice);
  } finally {
    await temporal.close();
  }
}

/** Asks each provider something that changes nothing: a list of payments, a balance, the head of a chain. */
export async function checkProviders(config: Config): Promise<Finding[]> {
  const logger = createLogger({ name: 'doctor', level: 'silent', pretty: false });
  const providers = createProviders({ config, logger });
  const createdFrom = new Date(Date.now() - 60_000).toISOString();
  try {
    return await Promise.all([
      ...providers.payments.map(async ({ name, list, live }) => {
        const finding = judge(name, config, await list({ createdFrom }));
        const isTestShop = finding.status === 'ok' && config.mode === 'production' && !live;
        return isTestShop ? warning(name, 'a test shop: nobody really pays', 'set the key of the live shop') : finding;
      }),
      ...providers.generators.map(async ({ name, balance }) => judge(name, config, await balance())),
      providers.ton.chain.readIndexHead().then((answer) => judge('ton', config, answer)),
    ]);
  } finally {
    providers.close();
  }
}

function judge(name: string, config: Config, answer: Outcome<unknown>): Finding {
  const simulated = name in config && config[name as 'yookassa' | 'heleket' | 'kie' | 'ton'].simulated;
  const kind = simulated ? 'simulated, because no key is set' : 'real';
  switch (answer.outcome) {
    case 'done':
      return ok(name, kind);
    case 'refused':
      return failure(
        name,
        `${kind}; it refuses us: ${answer.code} ${answer.message}`,
        'check its key in the environment',
      );
    case 'not_sent':
    case 'unknown': {
      const advice = simulated
        ? 'run `npm start`, which plays it'
        : 'check the network and the address in the environment';
      return failure(name, `${kind}; it does not answer: ${answer.reason}`, advice);
    }
  }
}
