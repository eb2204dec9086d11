import { isDeepStrictEqual } from 'node:util';
import type { InlineKeyboardMarkup } from '@grammyjs/types';
import type { Clock } from '../../simulator-jobs.ts';
import { badRequest } from './errors.ts';
import { readInlineMarkup } from './keyboards.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { MessageObject, StoredMessage } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Places } from './places.ts';
import { readCaption, readText } from './text-messages.ts';

interface EditsDeps {
  readonly messages: Messages;
  readonly places: Places;
  readonly self: { readonly id: number };
  readonly clock: Clock;
}

const notModified =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content ' +
  'and reply markup of the message';

export interface Edits {
  readonly methods: Methods;
  /** The bot's own message that a call names; throws when there is none that can be edited. */
  target(parameters: Parameters): StoredMessage;
  /** Puts new fields in the place of old ones and answers the message; throws when nothing changes. */
  apply(stored: StoredMessage, change: Change): MessageObject;
}

interface Change {
  /** Fields to be taken away before the new ones are put in. */
  readonly without: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly markup: InlineKeyboardMarkup | undefined;
}

/** The edits of text, caption and keyboard, and what all edits share. */
export function createEdits({ messages, places, self, clock }: EditsDeps): Edits {
  function target(parameters: Parameters): StoredMessage {
    if (parameters.has('inline_message_id')) throw badRequest('MESSAGE_ID_INVALID');
    const { chatId } = places.editable(parameters);
    const messageId = parameters.integer('message_id') ?? 0;
    if (messageId === 0) throw badRequest('message identifier is not specified');
    const stored = messages.find(chatId, messageId);
    if (!stored) throw badRequest('message to edit not found');
    if (stored.message.from.id !== self.id) throw badRequest("message can't be edited");
    return stored;
  }

  function apply(stored: StoredMessage, { without, fields, markup }: Change): MessageObject {
    const { message } = stored;
    const kept = Object.fromEntries(Object.entries(message).filter(([name]) => !without.includes(name)));
    const { reply_markup: _old, edit_date: _date, ...rest } = { ...kept, ...fields } as MessageObject;
    const next = { ...rest, ...(markup ? { reply_markup: markup } : {}) };
    const { edit_date: _edited, ...before } = message;
    if (isDeepStrictEqual(comparable(next), comparable(before))) throw badRequest(notModified);
    const edited = { ...next, edit_date: Math.floor(clock.nowMs() / 1_000) };
    messages.changed({ ...stored, message: edited });
    return edited;
  }

  const methods: Methods = {
    editMessageText({ parameters }) {
      const stored = target(parameters);
      const markup = readInlineMarkup(parameters);
      const fields = readText(parameters);
      if (stored.message.text === undefined) throw badRequest('there is no text in the message to edit');
      return apply(stored, { without: ['text', 'entities', 'link_preview_options'], fields, markup });
    },
    editMessageCaption({ parameters }) {
      const stored = target(parameters);
      const markup = readInlineMarkup(parameters);
      const fields = readCaption(parameters);
      if (!mediaFields.some((name) => name in stored.message)) {
        throw badRequest('there is no caption in the message to edit');
      }
      return apply(stored, { without: ['caption', 'caption_entities'], fields, markup });
    },
    editMessageReplyMarkup({ parameters }) {
      const stored = target(parameters);
      return apply(stored, { without: [], fields: {}, markup: readInlineMarkup(parameters) });
    },
  };
  return { methods, target, apply };
}

/** The fields of which one is in every message with a file. */
export const mediaFields = ['photo', 'video', 'document', 'animation', 'audio', 'voice'] as const;

/** What counts as the content: whether previews are off does not. */
function comparable(message: Record<string, unknown>): unknown {
  const { link_preview_options: _preview, reply_to_message: _answered, ...rest } = message;
  return structuredClone(rest);
}
