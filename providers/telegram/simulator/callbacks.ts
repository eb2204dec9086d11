import { randomInt } from 'node:crypto';
import type { Clock } from '../../simulator-jobs.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Methods } from './method.ts';
import type { Messages } from './messages.ts';
import type { Collections, Person, Settings, StoredMessage } from './model.ts';
import type { People } from './people.ts';
import type { Updates } from './updates.ts';

/** What a tap brought. */
export interface CallbackAnswer {
  readonly answered: boolean;
  readonly text?: string;
  readonly showAlert?: boolean;
  readonly url?: string;
}

interface Button {
  readonly messageId: number;
  readonly data: string;
  readonly chatId?: number;
}

export interface Callbacks {
  readonly methods: Methods;
  /**
   * A tap on an inline button, in the own chat unless another is named; waits for the bot's answer no longer than so
   * many milliseconds.
   */
  press(person: Person, button: Button, waitMs: number): Promise<CallbackAnswer>;
  /** Lets everybody go who waits. */
  close(): void;
}

interface CallbacksDeps {
  readonly collections: Collections;
  readonly people: People;
  readonly messages: Messages;
  readonly updates: Updates;
  readonly events: ChatEvents;
  readonly clock: Clock;
  readonly settings: Settings;
}

interface Open {
  readonly telegramId: number;
  readonly untilMs: number;
  answer(answer: CallbackAnswer): void;
}

const answerTextMax = 200;
/** The text for an answer that nobody waits for any more; the same for checkouts. */
export const queryTooOld = 'query is too old and response timeout expired or query ID is invalid';

/** Taps on inline buttons and their answers. Who waits is in memory only: after a restart every tap is too old. */
export function createCallbacks(deps: CallbacksDeps): Callbacks {
  const { people, messages, updates, events, clock, settings } = deps;
  const open = new Map<string, Open>();

  return {
    press(person, { messageId, data, chatId = person.telegramId }, waitMs) {
      const stored = messages.find(chatId, messageId);
      const { promise, resolve } = Promise.withResolvers<CallbackAnswer>();
      const id = newId();
      const timer = setTimeout(() => resolve({ answered: false }), waitMs);
      open.set(id, {
        telegramId: person.telegramId,
        untilMs: clock.nowMs() + settings.callbackSeconds * 1_000,
        answer(answer) {
          clearTimeout(timer);
          resolve(answer);
        },
      });
      const query = {
        id,
        from: people.asUser(person),
        ...pressedOn(deps.collections, stored),
        chat_instance: String(BigInt(chatId) * -514_229n),
        data,
      };
      updates.add('callback_query', query, `user:${person.telegramId}`);
      return promise;
    },
    methods: {
      answerCallbackQuery({ parameters }) {
        const id = parameters.text('callback_query_id') ?? '';
        const text = parameters.text('text') ?? '';
        if (text.length > answerTextMax) throw badRequest('MESSAGE_TOO_LONG');
        const waiting = open.get(id);
        open.delete(id);
        if (!waiting || waiting.untilMs < clock.nowMs()) throw badRequest(queryTooOld);
        const url = parameters.text('url');
        const callback = {
          ...(text === '' ? {} : { text }),
          showAlert: parameters.boolean('show_alert'),
          ...(url === undefined || url === '' ? {} : { url }),
        };
        events.emit(waiting.telegramId, { kind: 'callback', callback });
        waiting.answer({ answered: true, ...callback });
        return true;
      },
    },
    close() {
      for (const waiting of open.values()) waiting.answer({ answered: false });
      open.clear();
    },
  };
}

/** The message of a tapped button; one that was sent by way of the bot is named by an id of its own. */
function pressedOn({ inlineMessages }: Collections, stored: StoredMessage | undefined): object {
  if (!stored) return {};
  const { message } = stored;
  for (const inlineId of inlineMessages.ids()) {
    const at = inlineMessages.get(inlineId);
    if (at?.chatId === message.chat.id && at.messageId === message.message_id) return { inline_message_id: inlineId };
  }
  return { message };
}

/** Ids of queries are long numbers as text. */
export function newId(): string {
  return `${randomInt(1_000_000_000, 281_000_000_000)}${String(randomInt(1_000_000_000)).padStart(9, '0')}`.slice(
    0,
    19,
  );
}
