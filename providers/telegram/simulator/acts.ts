import type { Messages } from './messages.ts';
import type { ChatEvents } from './events.ts';
import type { Content } from './messages.ts';
import { normalize } from './formatted-text.ts';
import type { MessageObject, Person } from './model.ts';
import type { People } from './people.ts';
import type { BotSelf } from './bot-self.ts';
import type { Updates } from './updates.ts';
import type { Clock } from '../../simulator-jobs.ts';

interface ActsDeps {
  readonly people: People;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly events: ChatEvents;
  readonly self: BotSelf;
  readonly clock: Clock;
}

export type Acts = ReturnType<typeof createActs>;

/** What a person does in the chat; the bot is told by an update. */
export function createActs({ people, messages, updates, events, self, clock }: ActsDeps) {
  function say(person: Person, content: Content, replyTo?: number): MessageObject {
    const answered = replyTo === undefined ? undefined : messages.find(person.telegramId, replyTo)?.message;
    const message = messages.receive(person, { ...content, ...(answered ? { reply_to_message: answered } : {}) });
    const { replyKeyboard, ...chat } = people.chat(person.telegramId);
    if (replyKeyboard?.one_time_keyboard === true) people.save(chat);
    updates.add('message', message, `chat:${person.telegramId}`);
    return message;
  }

  function member(person: Person, before: 'member' | 'kicked', after: 'member' | 'kicked'): void {
    const status = (name: string) => ({
      user: self.asUser(),
      status: name,
      ...(name === 'kicked' ? { until_date: 0 } : {}),
    });
    const change = {
      chat: people.asChat(person),
      from: people.asUser(person),
      date: Math.floor(clock.nowMs() / 1_000),
      old_chat_member: status(before),
      new_chat_member: status(after),
    };
    updates.add('my_chat_member', change, `chat:${person.telegramId}`);
    events.emit(person.telegramId, { kind: 'chat' });
  }

  function unblock(person: Person): void {
    const chat = people.chat(person.telegramId);
    if (!chat.blocked) return;
    people.save({ ...chat, blocked: false });
    member(person, 'kicked', 'member');
  }

  return {
    say,
    text: (person: Person, text: string, more: Content = {}) => say(person, { ...textFields(text), ...more }),
    start(person: Person, payload?: string) {
      unblock(person);
      people.save({ ...people.chat(person.telegramId), started: true, seen: true });
      events.emit(person.telegramId, { kind: 'chat' });
      return say(person, textFields(payload === undefined || payload === '' ? '/start' : `/start ${payload}`));
    },
    block(person: Person): void {
      const chat = people.chat(person.telegramId);
      if (chat.blocked) return;
      people.save({ ...chat, blocked: true });
      member(person, 'member', 'kicked');
    },
    unblock,
  };
}

/** A text as a person writes it: entities are what Telegram finds in it. */
export function textFields(text: string): Content {
  const { text: kept, entities } = normalize({ text, entities: [] });
  return { text: kept, ...(entities.length === 0 ? {} : { entities }) };
}

/** The like for the words under a picture. */
export function captionOf(caption: string | undefined): Content {
  const { text, entities } = normalize({ text: caption ?? '', entities: [] });
  if (text === '') return {};
  return { caption: text, ...(entities.length === 0 ? {} : { caption_entities: entities }) };
}
