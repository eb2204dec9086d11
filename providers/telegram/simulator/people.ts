import type { Chat, User } from '@grammyjs/types';
import { demoUsers } from '../../../core/demo.ts';
import { badRequest, forbidden } from './errors.ts';
import type { ChatState, Collections, Person } from './model.ts';
import type { Parameters } from './parameters.ts';

export interface People {
  all(): Person[];
  find(telegramId: number): Person | undefined;
  add(person: Person): void;
  chat(telegramId: number): ChatState;
  save(chat: ChatState): void;
  asUser(person: Person): User;
  asChat(person: Person): Chat.PrivateChat;
  /** The person that a method names in `chat_id` (or another name); throws as Telegram refuses. */
  known(parameters: Parameters, name?: string): Person;
  /** The like, and the bot may write there now. */
  writable(parameters: Parameters): Person;
}

const starsAtFirst = 10_000;

/** The people of the simulator and how each stands to the bot; the four demo people are always there. */
export function createPeople({ people, chats }: Collections): People {
  const meetDemoPeople = () => {
    for (const { name: _name, ...person } of demoUsers) {
      if (people.get(String(person.telegramId)) === undefined) people.put(String(person.telegramId), { ...person });
    }
  };

  function find(telegramId: number): Person | undefined {
    meetDemoPeople();
    return people.get(String(telegramId));
  }

  function chat(telegramId: number): ChatState {
    return (
      chats.get(String(telegramId)) ?? {
        telegramId,
        started: false,
        blocked: false,
        seen: false,
        writeAccess: false,
        stars: starsAtFirst,
      }
    );
  }

  function known(parameters: Parameters, name = 'chat_id'): Person {
    const id = parameters.text(name) ?? '';
    if (id === '') throw badRequest(`${name} is empty`);
    const person = /^\d{1,16}$/.test(id) ? find(Number(id)) : undefined;
    if (!person) throw badRequest('chat not found');
    const { started, seen, writeAccess } = chat(person.telegramId);
    if (!started && !seen && !writeAccess) throw badRequest('chat not found');
    return person;
  }

  return {
    all() {
      meetDemoPeople();
      return [...people.values()];
    },
    find,
    add: (person) => people.put(String(person.telegramId), person),
    chat,
    save: (state) => chats.put(String(state.telegramId), state),
    asUser: (person) => ({ is_bot: false, ...names(person), language_code: person.language }),
    asChat: (person) => ({ ...names(person), type: 'private' }),
    known,
    writable(parameters) {
      const person = known(parameters);
      const { started, blocked, writeAccess, deactivated } = chat(person.telegramId);
      if (deactivated === true) throw forbidden('user is deactivated');
      if (blocked) throw forbidden('bot was blocked by the user');
      if (!started && !writeAccess) throw forbidden("bot can't initiate conversation with a user");
      return person;
    },
  };
}

function names(person: Person) {
  return {
    id: person.telegramId,
    first_name: person.firstName,
    ...(person.lastName === undefined ? {} : { last_name: person.lastName }),
    username: person.username,
  };
}
