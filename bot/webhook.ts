import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import type { Secret } from '../platform/secret.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import { allowedUpdates } from '../providers/telegram/inbound.ts';

export interface WebhookRegistration {
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly url: string;
  readonly secret: Secret;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const retryMsMin = 1_000;
const retryMsMax = 60_000;
/** As many chats at once as Telegram does by itself. */
const connectionsMax = 40;

/**
 * Tells Telegram where updates go, as often as it takes. Saying it again changes nothing: the secret cannot be read
 * back, so it is said at every start. Resolves at the end of the process at the latest.
 */
export async function registerWebhook(registration: WebhookRegistration): Promise<void> {
  const { telegram, url, secret, logger, signal } = registration;
  const settings = {
    url,
    secret_token: secret.reveal(),
    allowed_updates: allowedUpdates,
    max_connections: connectionsMax,
  };
  for (let pauseMs = retryMsMin; !signal.aborted; pauseMs = Math.min(pauseMs * 2, retryMsMax)) {
    const answer = await telegram.call('setWebhook', settings);
    if (answer.outcome === 'done') {
      logger.info({ url }, 'updates come to the webhook');
      return;
    }
    const why = answer.outcome === 'refused' ? answer.message : answer.reason;
    logger.error({ url, outcome: answer.outcome, why }, 'the webhook could not be set; it is tried again');
    const waitMs = answer.outcome === 'not_sent' ? (answer.retryAfterMs ?? pauseMs) : pauseMs;
    await pause(waitMs, signal);
  }
}
