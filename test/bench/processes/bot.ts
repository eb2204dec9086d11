import { noLimits } from '../../../bot/send-limits.ts';
import { runBot } from '../../../bot/main.ts';
import { loadCatalogue } from '../../../platform/catalogue.ts';
import { loadConfig } from '../../../platform/config.ts';
import { announceReady } from '../../../platform/lifecycle.ts';
import { createLogger } from '../../../platform/logger.ts';
import { knownProviders } from '../../../providers/names.ts';
import { followParent } from './parameters.ts';

/** The product's bot with Telegram's limits lifted: what is measured is us. */
followParent();
const config = loadConfig();
const logger = createLogger({ name: 'bot', ...config.log });
const catalogue = await loadCatalogue(config.cataloguePath, knownProviders);
await runBot({ config, logger, catalogue, limits: noLimits });
announceReady();
