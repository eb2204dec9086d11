import type { BotCommand } from '@grammyjs/types';
import type { Logger } from '../platform/logger.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import { commandKey, everybody } from './commands.ts';
import type { Words } from './words.ts';

/** The command that operators alone are shown, in their own chats. */
const forOperators = ['approvals'] as const;

export type OperatorCommands = ReturnType<typeof createOperatorCommands>;

/**
 * The list of commands in the chats of operators. A chat's own list knows no languages: it is written in that of its
 * person, once for a language while this process runs. What Telegram does not take is tried again at the next update;
 * the command works without it.
 */
export function createOperatorCommands(deps: {
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly logger: Logger;
}) {
  const { telegram, logger } = deps;
  const shownIn = new Map<number, string>();

  return {
    /** Somebody who decides about orders: their chat lists the command. */
    async show(chatId: number, words: Words): Promise<void> {
      if (shownIn.get(chatId) === words.language) return;
      shownIn.set(chatId, words.language);
      const commands = [...everybody, ...forOperators].map((name): BotCommand => ({
        command: name,
        description: words.plain(commandKey(name)),
      }));
      const answer = await telegram.call('setMyCommands', { scope: { type: 'chat', chat_id: chatId }, commands });
      if (answer.outcome === 'done') return;
      shownIn.delete(chatId);
      logger.warn({ outcome: answer.outcome }, 'the commands of an operator were not written');
    },

    /** Somebody who does not, or does not any more: their chat lists what everybody's does. */
    async hide(chatId: number): Promise<void> {
      shownIn.delete(chatId);
      const answer = await telegram.call('deleteMyCommands', { scope: { type: 'chat', chat_id: chatId } });
      if (answer.outcome !== 'done') logger.warn({ outcome: answer.outcome }, 'a list of commands was not taken away');
    },
  };
}
