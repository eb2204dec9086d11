import type { InlineKeyboardMarkup } from '@grammyjs/types';
import type { Clock } from '../../simulator-jobs.ts';
import type { BotSelf } from './bot-self.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import { type Markup, readMarkup } from './keyboards.ts';
import { type Collections, type MessageObject, nextNumber, type Person, type StoredMessage } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';

/** What is said in a message, beside who, where and when. */
export type Content = Readonly<Record<string, unknown>>;

/** What the simulator notes about a message for itself. */
export type Notes = Partial<Pick<StoredMessage, 'invoiceId' | 'spoiler'>>;

export interface Messages {
  /** A message of the bot, as a method's parameters want it; every check of the recipient is made here. */
  send(parameters: Parameters, content: (person: Person, markup: Markup) => Content, notes?: Notes): MessageObject;
  /** The like for a recipient who is checked already; without a keyboard. */
  post(person: Person, content: Content, more?: { markup?: Markup; notes?: Notes }): MessageObject;
  /** A message of the person. The bot is not told here. */
  receive(person: Person, content: Content): MessageObject;
  find(chatId: number, messageId: number): StoredMessage | undefined;
  /** In the order in which they were written. */
  list(chatId: number): StoredMessage[];
  /** Keeps what was changed in a message, and shows it. */
  changed(stored: StoredMessage): void;
  remove(stored: StoredMessage): void;
}

interface MessagesDeps {
  readonly collections: Collections;
  readonly people: People;
  readonly self: BotSelf;
  readonly events: ChatEvents;
  readonly clock: Clock;
  /** Throws when the bot sends too fast. */
  readonly countSending: (chatId: number) => void;
}

/** The messages of all chats. */
export function createMessages(deps: MessagesDeps): Messages {
  const { collections, people, self, events, clock } = deps;
  const find = (chatId: number, messageId: number) => {
    const stored = collections.messages(chatId).get(String(messageId));
    return stored?.deleted ? undefined : stored;
  };

  function keep(message: MessageObject, notes: Notes): MessageObject {
    const chatId = message.chat.id;
    const stored = { message, deleted: false, ...notes };
    collections.messages(chatId).put(String(message.message_id), stored);
    events.emit(chatId, { kind: 'message', messageId: message.message_id, message: shownMessage(stored) });
    return message;
  }

  function head(person: Person) {
    return {
      message_id: nextNumber(collections.counters, 'message', 1),
      chat: people.asChat(person),
      date: Math.floor(clock.nowMs() / 1_000),
    };
  }

  function post(person: Person, content: Content, { markup, notes = {} }: { markup?: Markup; notes?: Notes } = {}) {
    const message: MessageObject = { ...head(person), from: self.asUser(), ...content, ...inlineOf(markup) };
    applyKeyboard(person, markup);
    endAction(person);
    return keep(message, notes);
  }

  function applyKeyboard(person: Person, markup: Markup | undefined): void {
    if (markup?.kind !== 'reply' && markup?.kind !== 'remove') return;
    const { replyKeyboard: _old, ...chat } = people.chat(person.telegramId);
    people.save(markup.kind === 'reply' ? { ...chat, replyKeyboard: markup.keyboard } : chat);
  }

  /** What the bot was doing ends with its message. */
  function endAction(person: Person): void {
    const { action, ...chat } = people.chat(person.telegramId);
    if (action) people.save(chat);
  }

  return {
    send(parameters, content, notes) {
      const person = people.writable(parameters);
      const markup = readMarkup(parameters);
      const said = content(person, markup);
      const answered = replyOf(parameters, (messageId) => find(person.telegramId, messageId));
      deps.countSending(person.telegramId);
      const kept = parameters.boolean('protect_content') ? { has_protected_content: true } : {};
      const effect = parameters.text('message_effect_id');
      return post(
        person,
        { ...said, ...answered, ...kept, ...(effect ? { effect_id: effect } : {}) },
        { markup, ...(notes ? { notes } : {}) },
      );
    },
    post,
    receive: (person, content) => keep({ ...head(person), from: people.asUser(person), ...content }, {}),
    find,
    list: (chatId) => [...collections.messages(chatId).values()],
    changed(stored) {
      const { message } = stored;
      collections.messages(message.chat.id).put(String(message.message_id), stored);
      events.emit(message.chat.id, { kind: 'edit', messageId: message.message_id, message: shownMessage(stored) });
    },
    remove(stored) {
      const { message } = stored;
      stored.deleted = true;
      collections.messages(message.chat.id).put(String(message.message_id), stored);
      events.emit(message.chat.id, { kind: 'delete', messageId: message.message_id });
    },
  };
}

/** A message as the page sees it. */
export function shownMessage({ message, deleted, paid, spoiler }: StoredMessage): unknown {
  const notes = { deleted, ...(paid === undefined ? {} : { paid }), ...(spoiler === undefined ? {} : { spoiler }) };
  return { ...message, _sim: notes };
}

function inlineOf(markup: Markup | undefined): { reply_markup?: InlineKeyboardMarkup } {
  return markup?.kind === 'inline' ? { reply_markup: markup.keyboard } : {};
}

function replyOf(parameters: Parameters, find: (messageId: number) => StoredMessage | undefined) {
  const given = parameters.json('reply_parameters') as ({ message_id?: number } & Record<string, unknown>) | undefined;
  const messageId = given?.message_id ?? parameters.integer('reply_to_message_id') ?? 0;
  if (messageId === 0) return {};
  const answered = find(messageId)?.message;
  const optional = given?.['allow_sending_without_reply'] === true || parameters.boolean('allow_sending_without_reply');
  if (!answered && !optional) throw badRequest('message to be replied not found');
  if (!answered) return {};
  const { reply_to_message: _deeper, ...shown } = answered;
  return { reply_to_message: shown };
}
