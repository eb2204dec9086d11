import type { InlineKeyboardMarkup } from '@grammyjs/types';
import type { Clock } from '../../simulator-jobs.ts';
import type { BotSelf } from './bot-self.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import { type Markup, readMarkup } from './keyboards.ts';
import { type Collections, type MessageObject, nextNumber, type Person, type StoredMessage } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';
import type { Place, Places } from './places.ts';

/** What is said in a message, beside who, where and when. */
export type Content = Readonly<Record<string, unknown>>;

/** What the simulator notes about a message for itself. */
export type Notes = Partial<Pick<StoredMessage, 'invoiceId' | 'spoiler'>>;

export interface Messages {
  /** A message of the bot, as a method's parameters want it; every check of the recipient is made here. */
  send(parameters: Parameters, content: (place: Place, markup: Markup) => Content, notes?: Notes): MessageObject;
  /** The like for a recipient who is checked already; without a keyboard. */
  post(place: Place, content: Content, more?: { markup?: Markup; notes?: Notes }): MessageObject;
  /** A message of the person, in the own chat unless a group is named. The bot is not told here. */
  receive(person: Person, content: Content, place?: Place): MessageObject;
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
  readonly places: Places;
  readonly self: BotSelf;
  readonly events: ChatEvents;
  readonly clock: Clock;
  /** Throws when the bot sends too fast. */
  readonly countSending: (chatId: number) => void;
}

/** The messages of all chats. */
export function createMessages(deps: MessagesDeps): Messages {
  const { collections, people, places, self, events, clock } = deps;
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

  function head({ chat, chatId }: Place) {
    return {
      // The messages of a supergroup have numbers of their own, all others share theirs.
      message_id: nextNumber(collections.counters, chat.type === 'supergroup' ? `message:${chatId}` : 'message', 1),
      chat,
      date: Math.floor(clock.nowMs() / 1_000),
    };
  }

  function post(place: Place, content: Content, { markup, notes = {} }: { markup?: Markup; notes?: Notes } = {}) {
    const message: MessageObject = { ...head(place), from: self.asUser(), ...content, ...inlineOf(markup) };
    if (place.person) {
      applyKeyboard(place.person, markup);
      endAction(place.person);
    }
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
      const place = places.writable(parameters);
      const markup = readMarkup(parameters);
      if (place.group) checkForGroup(markup);
      const said = content(place, markup);
      const answered = replyOf(parameters, (messageId) => find(place.chatId, messageId));
      deps.countSending(place.chatId);
      const kept = parameters.boolean('protect_content') ? { has_protected_content: true } : {};
      const effect = parameters.text('message_effect_id');
      return post(
        place,
        { ...said, ...answered, ...kept, ...(effect ? { effect_id: effect } : {}) },
        { markup, ...(notes ? { notes } : {}) },
      );
    },
    post,
    receive: (person, content, place = places.ofPerson(person)) =>
      keep({ ...head(place), from: people.asUser(person), ...content }, {}),
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

/** Mini Apps are opened from private chats only. */
function checkForGroup(markup: Markup): void {
  const opens =
    markup.kind === 'inline' && markup.keyboard.inline_keyboard.flat().some((button) => 'web_app' in button);
  if (opens) throw badRequest('BUTTON_TYPE_INVALID');
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
