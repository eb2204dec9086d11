import type { Chat } from '@grammyjs/types';
import type { BotSelf } from './bot-self.ts';
import { badRequest, forbidden } from './errors.ts';
import { type Groups, isPresent } from './groups.ts';
import type { Group, Person } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';

/** Where messages stand: a person's own chat with the bot, or a group. */
export interface Place {
  readonly chatId: number;
  readonly chat: Chat;
  readonly person?: Person;
  readonly group?: Group;
}

/** What a method wants to do in a chat; the refusals grow from one to the next. */
type Access = 'read' | 'edit' | 'write';

export interface Places {
  ofPerson(person: Person): Place;
  ofGroup(group: Group): Place;
  /** The chat that a method names in `chat_id` (or another name), to read of it; throws as Telegram refuses. */
  known(parameters: Parameters, name?: string): Place;
  /** The like, to change what the bot said there. */
  editable(parameters: Parameters): Place;
  /** The like, to write there. */
  writable(parameters: Parameters): Place;
}

interface PlacesDeps {
  readonly people: People;
  readonly groups: Groups;
  readonly self: BotSelf;
}

/** Finds the chat that a method means, and whether the bot may do there what it wants. */
export function createPlaces({ people, groups, self }: PlacesDeps): Places {
  const ofPerson = (person: Person): Place => ({
    chatId: person.telegramId,
    chat: people.asChat(person),
    person,
  });
  const ofGroup = (group: Group): Place => ({ chatId: group.chatId, chat: groups.asChat(group), group });

  function groupFor(chatId: number, access: Access): Place {
    const group = groups.find(chatId);
    const status = group?.members[String(self.id)];
    if (!group || status === undefined) throw badRequest('chat not found');
    checkAccess(group, access, status === 'kicked' ? 'kicked' : isPresent(status) ? 'in' : 'out');
    return ofGroup(group);
  }

  function named(parameters: Parameters, name: string): number | undefined {
    const id = parameters.text(name) ?? '';
    return /^-\d{1,16}$/.test(id) ? Number(id) : undefined;
  }

  return {
    ofPerson,
    ofGroup,
    known(parameters, name = 'chat_id') {
      const chatId = named(parameters, name);
      return chatId === undefined ? ofPerson(people.known(parameters, name)) : groupFor(chatId, 'read');
    },
    editable(parameters) {
      const chatId = named(parameters, 'chat_id');
      return chatId === undefined ? ofPerson(people.known(parameters)) : groupFor(chatId, 'edit');
    },
    writable(parameters) {
      const chatId = named(parameters, 'chat_id');
      return chatId === undefined ? ofPerson(people.writable(parameters)) : groupFor(chatId, 'write');
    },
  };
}

/**
 * A basic group that the bot has left can still be read of; a supergroup cannot. What was upgraded takes no messages
 * any more and says where to.
 */
function checkAccess({ type, upgradedTo }: Group, access: Access, bot: 'in' | 'out' | 'kicked'): void {
  if (upgradedTo !== undefined) {
    if (access !== 'write') return;
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: upgradedTo });
  }
  if (bot === 'in' || (type === 'group' && access === 'read')) return;
  throw forbidden(
    bot === 'kicked' ? `bot was kicked from the ${type} chat` : `bot is not a member of the ${type} chat`,
  );
}
