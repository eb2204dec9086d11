import type { Config } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { createHttp } from '../../providers/http.ts';
import { createTelegramClient, type TelegramClient } from '../../providers/telegram/client.ts';
import { failure, type Finding, ok, warning } from './finding.ts';

const name = 'telegram';

/** Asks Telegram who we are and, where updates come to a webhook, whether they arrive. */
export async function checkTelegram(config: Config): Promise<Finding> {
  const { telegram: settings, botToken } = config;
  const logger = createLogger({ name: 'doctor', level: 'silent', pretty: false });
  const http = createHttp({ provider: name, logger });
  try {
    const telegram = createTelegramClient({ apiUrl: settings.apiUrl, botToken, http });
    const me = await telegram.call('getMe', {});
    if (me.outcome === 'refused') return failure(name, `it refuses us: ${me.message}`, 'check BOT_TOKEN');
    if (me.outcome !== 'done') {
      const advice = settings.simulated ? 'run `npm start`, which plays it' : 'check the network and TELEGRAM_API_URL';
      return failure(name, `it does not answer: ${me.reason}`, advice);
    }
    const detail = `@${me.value.username}${settings.simulated ? ', simulated: the token is a demo one' : ''}`;
    return settings.updates === 'polling'
      ? ok(name, `${detail}, polled`)
      : await checkWebhook(config, telegram, detail);
  } finally {
    http.close();
  }
}

async function checkWebhook(config: Config, telegram: TelegramClient, detail: string): Promise<Finding> {
  const wanted = `${config.api.webhookUrl}/webhooks/telegram`;
  const answer = await telegram.call('getWebhookInfo', {});
  if (answer.outcome !== 'done') return warning(name, `${detail}; its webhook is not known`, 'ask again');
  const { url, pending_update_count: waiting, last_error_message: error } = answer.value;
  if (url !== wanted) {
    return failure(name, `${detail}; updates go to ${url || 'nobody'}`, `run \`holdfast bot\`: it sets ${wanted}`);
  }
  if (error === undefined || waiting === 0) return ok(name, `${detail}, webhook ${url}`);
  return warning(name, `${detail}; ${waiting} updates wait, the last error: ${error}`, 'look into the log of the API');
}
