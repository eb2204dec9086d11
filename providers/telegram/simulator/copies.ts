import type { BotSelf } from './bot-self.ts';
import { badRequest } from './errors.ts';
import { mediaFields } from './edits.ts';
import { readMarkup } from './keyboards.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { MessageObject, StoredMessage } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Places } from './places.ts';
import { readCaption } from './text-messages.ts';

interface CopiesDeps {
  readonly messages: Messages;
  readonly places: Places;
  readonly self: BotSelf;
  /** Throws when the bot sends too fast. */
  readonly countSending: (chatId: number) => void;
}

const copied = [...mediaFields, 'sticker', 'text', 'entities', 'caption', 'caption_entities', 'contact', 'location'];

/** `forwardMessage` and `copyMessage`; invoices and service messages cannot be copied. */
export function copyMethods(deps: CopiesDeps): Methods {
  const { messages, places } = deps;
  return {
    forwardMessage({ parameters }) {
      const place = places.writable(parameters);
      const source = sourceOf(deps, parameters, 'message to forward not found');
      if (!hasContent(source.message)) throw badRequest("message can't be forwarded");
      deps.countSending(place.chatId);
      return messages.post(place, { ...contentOf(source.message), forward_origin: originOf(source.message) });
    },
    copyMessage({ parameters }) {
      const place = places.writable(parameters);
      const source = sourceOf(deps, parameters, 'message to copy not found');
      if (!hasContent(source.message)) throw badRequest("message can't be copied");
      const markup = readMarkup(parameters);
      const caption = parameters.text('caption') === undefined ? {} : readCaption(parameters);
      deps.countSending(place.chatId);
      const message = messages.post(place, { ...contentOf(source.message), ...caption }, { markup });
      return { message_id: message.message_id };
    },
  };
}

function sourceOf({ messages, places }: CopiesDeps, parameters: Parameters, missing: string): StoredMessage {
  const from = places.known(parameters, 'from_chat_id');
  const stored = messages.find(from.chatId, parameters.integer('message_id') ?? 0);
  if (!stored) throw badRequest(missing);
  return stored;
}

function hasContent(message: MessageObject): boolean {
  return copied.some((name) => name in message);
}

function contentOf(message: MessageObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(message).filter(([name]) => copied.includes(name)));
}

function originOf(message: MessageObject) {
  return { type: 'user', sender_user: message.from, date: message.date };
}
