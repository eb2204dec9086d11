import { badRequest } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { StoredMessage } from './model.ts';
import type { People } from './people.ts';

interface DeletionsDeps {
  readonly messages: Messages;
  readonly people: People;
  readonly nowMs: () => number;
}

const messagesMax = 100;
/** A bot cannot take back what is older. */
const deletableMs = 48 * 3_600_000;

/** `deleteMessage` and `deleteMessages`. */
export function deletionMethods({ messages, people, nowMs }: DeletionsDeps): Methods {
  const tooOld = ({ message }: StoredMessage): boolean => nowMs() - message.date * 1_000 > deletableMs;

  return {
    deleteMessage({ parameters }) {
      const person = people.known(parameters);
      const messageId = parameters.integer('message_id') ?? 0;
      if (messageId === 0) throw badRequest('message identifier is not specified');
      const stored = messages.find(person.telegramId, messageId);
      if (!stored) throw badRequest('message to delete not found');
      if (tooOld(stored)) throw badRequest("message can't be deleted for everyone");
      messages.remove(stored);
      return true;
    },
    deleteMessages({ parameters }) {
      const person = people.known(parameters);
      const ids = parameters.json('message_ids');
      if (!Array.isArray(ids) || ids.length === 0) throw badRequest('message identifiers are not specified');
      if (ids.length > messagesMax) throw badRequest('too many messages to delete');
      for (const id of ids) {
        const stored = messages.find(person.telegramId, Number(id));
        if (stored && !tooOld(stored)) messages.remove(stored);
      }
      return true;
    },
  };
}
