import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';

/** Our own account. */
export interface BotIdentity {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
}

const retryMsMin = 500;
const retryMsMax = 15_000;

/** Asks Telegram who we are until it answers. Throws when it refuses the token: nothing can be done without one. */
export async function askIdentity(
  telegram: Pick<TelegramClient, 'call'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<BotIdentity> {
  for (let pauseMs = retryMsMin; ; pauseMs = Math.min(pauseMs * 2, retryMsMax)) {
    signal.throwIfAborted();
    const answer = await telegram.call('getMe', {});
    if (answer.outcome === 'done') {
      const { id, username, first_name: firstName } = answer.value;
      return { id, username, firstName };
    }
    if (answer.outcome === 'refused') throw new Error(`Telegram refuses the bot token: ${answer.message}`);
    logger.warn({ reason: answer.reason }, 'Telegram does not say who we are; asking again');
    await pause(answer.retryAfterMs ?? pauseMs, signal);
  }
}
