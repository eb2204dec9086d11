import type { MiddlewareFn } from 'telegraf';
import { v7 as uuidv7 } from 'uuid';
import { isLanguage, type Language } from '../../core/languages.ts';
import { storable } from '../../core/text.ts';
import { createChat } from '../chat.ts';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { readIncoming } from '../incoming.ts';
import { readScene } from '../scene.ts';

/** Codes of languages whose speakers mostly read Russian; a product decision. */
const readersOfRussian = new Set(['ru', 'uk', 'be', 'kk']);

/**
 * Finds out who wrote, where they stand and how they are spoken to; afterwards keeps where they stand now. What does
 * not come from a person in a private chat ends here, and a person whose account is closed gets one sentence.
 */
export function meetPerson(deps: BotDeps): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const { from, chat } = ctx;
    const incoming = readIncoming(ctx.update as never, deps.botInfo.username);
    if (incoming === undefined || from === undefined || chat?.type !== 'private' || from.is_bot) return;
    const person = await deps.users.meet(uuidv7(), {
      telegramId: BigInt(from.id),
      firstName: storable(from.first_name),
      lastName: from.last_name === undefined ? null : storable(from.last_name),
      username: from.username === undefined ? null : storable(from.username),
      language: languageOf(from.language_code),
    });
    const session = await deps.sessions.get(chat.id);
    ctx.incoming = incoming;
    ctx.person = person;
    ctx.words = deps.words(person.language);
    ctx.toast = () => {};
    ctx.chatroom = createChat({
      chatId: chat.id,
      sender: deps.sender,
      logger: deps.logger,
      tapped: incoming.kind === 'tap' ? incoming.messageId : undefined,
      living: session.living,
      scene: readScene(session.data),
    });
    if (incoming.kind === 'service') return;
    try {
      await next();
    } finally {
      // Also after a failure: the message that was sent is the living one, whatever went wrong behind it.
      await deps.sessions.set(chat.id, { data: ctx.chatroom.scene, living: ctx.chatroom.living });
    }
  };
}

/** The language of somebody whom we meet for the first time. */
function languageOf(code: string | undefined): Language {
  const prefix = code?.toLowerCase().split('-')[0] ?? '';
  if (readersOfRussian.has(prefix)) return 'ru';
  return isLanguage(prefix) ? prefix : 'en';
}
