import { runBot } from '../../bot/main.ts';
import { noLimits } from '../../bot/send-limits.ts';
import { loadCatalogue, sellable } from '../../platform/catalogue.ts';
import { knownProviders } from '../../providers/names.ts';
import { createTelegramSimulator } from '../../providers/telegram/simulator.ts';
import { botToken } from './api.ts';
import { type Conversation, openConversation } from './conversation.ts';
import { repositoryPath } from './environment.ts';
import { silent } from './log.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

/** The bot in front of a whole stack, with people at a simulated Telegram. */
export interface BotScreens {
  readonly stack: Stack;
  readonly simulatorUrl: string;
  with(name: string): Conversation;
  /** What went wrong while updates were handled, each in a line. */
  faults(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts simulator, stack and bot. Messages leave as fast as they come: Telegram's limits have tests elsewhere. */
export async function openBotScreens(options: StackOptions = {}): Promise<BotScreens> {
  const simulator = createTelegramSimulator({ botToken, logger: silent });
  const { url } = await simulator.start();
  const variables = { ...options.variables, TELEGRAM_API_URL: url, TELEGRAM_UPDATES: 'polling' };
  const stack = await startStack({ replayAlways: false, ...options, variables });
  const { config } = stack.api;
  const catalogue = sellable(await loadCatalogue(repositoryPath('catalogue.yaml'), knownProviders), config);
  const bot = await runBot({ config: { ...config, metricsPort: 0 }, logger: silent, catalogue, limits: noLimits });
  return {
    stack,
    simulatorUrl: url,
    with: (name) => openConversation(url, name),
    async faults() {
      const { rows } = await stack.owner.query<{ fault: string }>(
        `SELECT body || ' ' || last_error AS fault FROM app.bot_update WHERE last_error IS NOT NULL`,
      );
      return rows.map(({ fault }) => fault);
    },
    async stop() {
      await bot.stop();
      await simulator.stop();
      await stack.stop();
    },
  };
}
