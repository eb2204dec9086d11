import { badRequest } from './errors.ts';
import type { Messages } from './messages.ts';
import type { Methods } from './method.ts';
import type { StoredMessage } from './model.ts';
import type { Groups } from './groups.ts';
import type { Place, Places } from './places.ts';

interface DeletionsDeps {
  readonly messages: Messages;
  readonly places: Places;
  readonly groups: Groups;
  readonly self: { readonly id: number };
  readonly nowMs: () => number;
}

const messagesMax = 100;
/** A bot cannot take back what is older. */
const deletableMs = 48 * 3_600_000;

/** `deleteMessage` and `deleteMessages`. */
export function deletionMethods({ messages, places, groups, self, nowMs }: DeletionsDeps): Methods {
  const tooOld = ({ message }: StoredMessage): boolean => nowMs() - message.date * 1_000 > deletableMs;

  /** In a group only an administrator takes away what others have written. */
  function mayDelete({ group }: Place, { message }: StoredMessage): boolean {
    return !group || message.from.id === self.id || groups.statusOf(group, self.id) === 'administrator';
  }

  return {
    deleteMessage({ parameters }) {
      const place = places.editable(parameters);
      const messageId = parameters.integer('message_id') ?? 0;
      if (messageId === 0) throw badRequest('message identifier is not specified');
      const stored = messages.find(place.chatId, messageId);
      if (!stored) throw badRequest('message to delete not found');
      if (!mayDelete(place, stored)) throw badRequest("message can't be deleted");
      if (tooOld(stored)) throw badRequest("message can't be deleted for everyone");
      messages.remove(stored);
      return true;
    },
    deleteMessages({ parameters }) {
      const place = places.editable(parameters);
      const ids = parameters.json('message_ids');
      if (!Array.isArray(ids) || ids.length === 0) throw badRequest('message identifiers are not specified');
      if (ids.length > messagesMax) throw badRequest('too many messages to delete');
      for (const id of ids) {
        const stored = messages.find(place.chatId, Number(id));
        if (stored && mayDelete(place, stored) && !tooOld(stored)) messages.remove(stored);
      }
      return true;
    },
  };
}
