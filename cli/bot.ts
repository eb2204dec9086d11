import type { Command } from 'commander';
import { runBot } from '../bot/main.ts';
import { loadCatalogue, sellable } from '../platform/catalogue.ts';
import { loadConfig } from '../platform/config.ts';
import { announceReady, createLifecycle } from '../platform/lifecycle.ts';
import { createLogger } from '../platform/logger.ts';
import { knownProviders } from '../providers/names.ts';
import { examples } from './verb.ts';

export function registerBot(program: Command): void {
  program
    .command('bot')
    .description('Talks to people in Telegram: handles updates, tells news, keeps messages up to date.')
    .addHelpText('after', examples('holdfast bot', 'METRICS_PORT=9467 holdfast bot'))
    .action(async () => {
      const config = loadConfig();
      const logger = createLogger({ name: 'bot', ...config.log });
      const lifecycle = createLifecycle({ logger, timeoutMs: 20_000 });
      const catalogue = sellable(await loadCatalogue(config.cataloguePath, knownProviders), config);
      const bot = await runBot({ config, logger, catalogue, closing: lifecycle.closing });
      lifecycle.onShutdown('bot', () => bot.stop());
      announceReady({ metrics: bot.metricsUrl });
      await lifecycle.ended;
    });
}
