import type { BotCommand } from '@grammyjs/types';
import type { BotSelf } from './bot-self.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import type { Methods } from './method.ts';
import type { Person } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';

interface CommandsDeps {
  readonly self: BotSelf;
  readonly people: People;
  readonly events: ChatEvents;
}

const commandsMax = 100;
const descriptionMax = 256;
const scopes = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators', 'chat'] as const;

/** `setMyCommands` and its pair, by scope and language. */
export function commandMethods({ self, people, events }: CommandsDeps): Methods {
  const changed = () => tellEverybody(people, events);
  return {
    setMyCommands({ parameters }) {
      const key = keyOf(parameters, people);
      const commands = readCommands(parameters);
      self.change((state) => {
        if (commands.length === 0) delete state.commands[key];
        else state.commands[key] = commands;
      });
      changed();
      return true;
    },
    getMyCommands: ({ parameters }) => self.state().commands[keyOf(parameters, people)] ?? [],
    deleteMyCommands({ parameters }) {
      const key = keyOf(parameters, people);
      self.change((state) => {
        delete state.commands[key];
      });
      changed();
      return true;
    },
  };
}

/** Every open page reads the bot's menus anew. */
export function tellEverybody(people: People, events: ChatEvents): void {
  for (const person of people.all()) events.emit(person.telegramId, { kind: 'menu' });
}

/** The commands that a person is shown: of the narrowest scope that has any, in the own language first. */
export function commandsFor(self: BotSelf, person: Person): BotCommand[] {
  const { commands } = self.state();
  for (const scope of [`chat:${person.telegramId}`, 'all_private_chats', 'default']) {
    const found = commands[`${scope}|${person.language}`] ?? commands[`${scope}|`];
    if (found) return found;
  }
  return [];
}

function keyOf(parameters: Parameters, people: People): string {
  const scope = (parameters.json('scope', 'BotCommandScope') ?? { type: 'default' }) as Record<string, unknown>;
  const type = scopes.find((name) => name === scope['type']);
  if (type === undefined) throw badRequest("can't parse BotCommandScope: Unsupported type specified");
  const chat = type === 'chat' ? `chat:${chatOf(scope, people)}` : type;
  return `${chat}|${readLanguage(parameters)}`;
}

function chatOf(scope: Record<string, unknown>, people: People): number {
  const telegramId = Number(scope['chat_id'] ?? 0);
  const person = people.find(telegramId);
  if (!person || !hasMet(people, telegramId)) throw badRequest('chat not found');
  return person.telegramId;
}

function hasMet(people: People, telegramId: number): boolean {
  const { started, seen, writeAccess } = people.chat(telegramId);
  return started || seen || writeAccess;
}

/** A two-letter code, or '' for everybody else. */
export function readLanguage(parameters: Parameters): string {
  const language = parameters.text('language_code') ?? '';
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw badRequest('invalid language code specified');
  return language;
}

function readCommands(parameters: Parameters): BotCommand[] {
  const given = parameters.json('commands');
  if (!Array.isArray(given)) throw badRequest("can't parse commands: Expected an Array of BotCommand");
  if (given.length > commandsMax) throw badRequest('BOT_COMMANDS_TOO_MUCH');
  return given.map((row: unknown) => {
    const { command, description } = (row ?? {}) as Record<string, unknown>;
    const name = typeof command === 'string' ? command.replace(/^\//, '') : '';
    if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (typeof description !== 'string' || description.length < 1 || description.length > descriptionMax) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    return { command: name, description };
  });
}
