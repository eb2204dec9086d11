import { isDeepStrictEqual } from 'node:util';
import type { InlineKeyboardMarkup } from '@grammyjs/types';
import type { Clock } from '../../simulator-jobs.ts';
import { badRequest } from './errors.ts';
import { readInlineMarkup } from './keyboards.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { Collections, MessageObject, StoredMessage } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { Places } from './places.ts';
import { readCaption, readText } from './text-messages.ts';

interface EditsDeps {
  readonly messages: Messages;
  readonly collections: Collections;
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
  /**
   * Puts new fields in the place of old ones; throws when nothing changes. The answer is the message, or `true` where
   * the call names it by `inline_message_id`.
   */
  apply(parameters: Parameters, stored: StoredMessage, change: Change): MessageObject | true;
}

interface Change {
  /** Fields to be taken away before the new ones are put in. */
  readonly without: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly markup: InlineKeyboardMarkup | undefined;
}

/** The edits of text, caption and keyboard, and what all edits share. */
export function createEdits({ messages, collections, places, self, clock }: EditsDeps): Edits {
  function target(parameters: Parameters): StoredMessage {
    if (parameters.has('inline_message_id')) return sentByWay(parameters.text('inline_message_id') ?? '');
    const { chatId } = places.editable(parameters);
    const messageId = parameters.integer('message_id') ?? 0;
    if (messageId === 0) throw badRequest('message identifier is not specified');
    const stored = messages.find(chatId, messageId);
    if (!stored) throw badRequest('message to edit not found');
    if (stored.message.from.id !== self.id) throw badRequest("message can't be edited");
    return stored;
  }

  /** A message that a person has sent by way of the bot. */
  function sentByWay(inlineId: string): StoredMessage {
    const found = collections.inlineMessages.get(inlineId);
    const stored = found && messages.find(found.chatId, found.messageId);
    if (!stored) throw badRequest('MESSAGE_ID_INVALID');
    return stored;
  }

  function apply(
    parameters: Parameters,
    stored: StoredMessage,
    { without, fields, markup }: Change,
  ): MessageObject | true {
    const { message } = stored;
    const kept = Object.fromEntries(Object.entries(message).filter(([name]) => !without.includes(name)));
    const { reply_markup: _old, edit_date: _date, ...rest } = { ...kept, ...fields } as MessageObject;
    const next = { ...rest, ...(markup ? { reply_markup: markup } : {}) };
    const { edit_date: _edited, ...before } = message;
    if (isDeepStrictEqual(comparable(next), comparable(before))) throw badRequest(notModified);
    const edited = { ...next, edit_date: Math.floor(clock.nowMs() / 1_000) };
    messages.changed({ ...stored, message: edited });
    return parameters.has('inline_message_id') ? true : edited;
  }

  const methods: Methods = {
    editMessageText({ parameters }) {
      const stored = target(parameters);
      const markup = readInlineMarkup(parameters);
      const fields = readText(parameters);
      if (stored.message.text === undefined) throw badRequest('there is no text in the message to edit');
      return apply(parameters, stored, { without: ['text', 'entities', 'link_preview_options'], fields, markup });
    },
    editMessageCaption({ parameters }) {
      const stored = target(parameters);
      const markup = readInlineMarkup(parameters);
      const fields = readCaption(parameters);
      if (!mediaFields.some((name) => name in stored.message)) {
        throw badRequest('there is no caption in the message to edit');
      }
      return apply(parameters, stored, { without: ['caption', 'caption_entities'], fields, markup });
    },
    editMessageReplyMarkup({ parameters }) {
      const stored = target(parameters);
      return apply(parameters, stored, { without: [], fields: {}, markup: readInlineMarkup(parameters) });
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
