import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Update } from '@grammyjs/types';
import { freePort } from '../../platform/ports.ts';
import { type RunBotOptions, type RunningBot, runBot } from '../../bot/main.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { loadCatalogue } from '../../platform/catalogue.ts';
import type { EnvironmentVariables } from '../../platform/config.ts';
import type { FaultRule } from '../../providers/faults.ts';
import { knownProviders } from '../../providers/names.ts';
import { createTelegramSimulator, type TelegramSimulatorOptions } from '../../providers/telegram/simulator.ts';
import { botToken, startTestApi, type TestApi } from './api.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { repositoryPath } from './environment.ts';
import { silent } from './log.ts';

type Fault = Omit<FaultRule, 'times' | 'on'> & { readonly times?: number };

/** The bot's engine between a simulated Telegram and a database, with as many processes as a test starts. */
export interface BotEngine {
  readonly api: TestApi;
  readonly url: string;
  readonly pool: DatabasePool;
  /** The owner of the schemas, for looking into rows. */
  readonly owner: pg.Pool;
  /** Starts a bot process; without a handler updates go to the bot's screens. */
  startBot(options?: Partial<RunBotOptions>): Promise<RunningBot>;
  with(name: string): Conversation;
  control(path: string, body?: object): Promise<unknown>;
  /** Faults of the methods of the Bot API, such as `sendMessage`; replaces those before. */
  faults(
    ...rules: { readonly method: string; readonly fault: Fault['fault']; readonly times?: number }[]
  ): Promise<void>;
  /** Telegram cannot be reached; `back` ends that, with all that it knew before. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** Stops the bots, then everything else. */
  stop(): Promise<void>;
}

export type Handle = (update: Update) => Promise<void>;

export const webhookSecret = 'a-secret-of-the-tests';

/** Starts Telegram, a database and an API; `webhook`: updates come to the API instead of being polled. */
export async function openBotEngine(
  options: {
    readonly webhook?: boolean;
    readonly telegram?: Partial<TelegramSimulatorOptions>;
    readonly variables?: EnvironmentVariables;
  } = {},
): Promise<BotEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-telegram-'));
  const port = await freePort();
  const statePath = join(folder, 'telegram.json');
  const simulator = createTelegramSimulator({ botToken, logger: silent, port, statePath, ...options.telegram });
  const { url } = await simulator.start();
  const api = await startTestApi({
    variables: {
      TELEGRAM_API_URL: url,
      TELEGRAM_WEBHOOK_SECRET: webhookSecret,
      TELEGRAM_UPDATES: options.webhook === true ? 'webhook' : 'polling',
      DATABASE_POOL_SIZE: '4',
      ...options.variables,
    },
  });
  const pool = await openPool({
    url: api.database.url,
    size: 2,
    applicationName: 'bot-engine',
    logger: silent,
    checkRows: true,
  });
  const owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2, application_name: 'bot-engine-owner' });
  const catalogue = await loadCatalogue(repositoryPath('catalogue.yaml'), knownProviders);
  const running = new Set<RunningBot>();

  async function control(path: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${url}/_sim${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  return {
    api,
    url,
    pool,
    owner,
    control,
    async startBot(wanted = {}) {
      const bot = await runBot({ config: api.config, logger: silent, catalogue, ...wanted });
      const kept: RunningBot = {
        ...bot,
        async stop() {
          if (running.delete(kept)) await bot.stop();
        },
      };
      running.add(kept);
      return kept;
    },
    with: (name) => openConversation(url, name),
    async faults(...rules) {
      await control('/faults', {
        rules: rules.map(({ method, fault, times = 1 }) => ({ on: 'request', path: `/bot*/${method}`, fault, times })),
      });
    },
    away: () => simulator.stop(),
    async back() {
      await simulator.start();
    },
    async stop() {
      await Promise.all([...running].map((bot) => bot.stop()));
      await Promise.all([pool.end(), owner.end()]);
      await api.stop();
      await simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
