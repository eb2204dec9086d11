import type { Update } from '@grammyjs/types';
import type { Chats } from '../db/chats.ts';

export interface PresenceDeps {
  readonly chats: Pick<Chats, 'markBlocked' | 'markOpen'>;
  /** Records what an update says about money, again: where the door could not, this is the second try. */
  readonly payments: { record(update: unknown): Promise<unknown> };
}

/** What every update means for its chat, whatever its screen makes of it: who is there, who has left, who has paid. */
export function createPresence({ chats, payments }: PresenceDeps): (update: Update) => Promise<void> {
  return async (update) => {
    await payments.record(update);
    const member = update.my_chat_member;
    if (member !== undefined) {
      if (member.chat.type !== 'private') return;
      const { status } = member.new_chat_member;
      await (status === 'kicked' ? chats.markBlocked(member.chat.id) : chats.markOpen(member.chat.id));
      return;
    }
    const from = (update.message ?? update.callback_query)?.from;
    if (from !== undefined) await chats.markOpen(from.id);
  };
}
