import type { MenuButton } from '@grammyjs/types';
import type { BotSelf } from './bot-self.ts';
import { commandsFor, readLanguage, tellEverybody } from './commands.ts';
import { badRequest } from './errors.ts';
import type { ChatEvents } from './events.ts';
import { checkWebApp } from './keyboards.ts';
import type { Methods } from './method.ts';
import type { BotState, Person } from './model.ts';
import type { Parameters } from './parameters.ts';
import type { People } from './people.ts';

interface ProfileDeps {
  readonly self: BotSelf;
  readonly people: People;
  readonly events: ChatEvents;
}

/** The texts that a bot says about itself, each in any number of languages. */
const texts = [
  { method: 'MyName', field: 'name', kept: 'names', max: 64 },
  { method: 'MyDescription', field: 'description', kept: 'descriptions', max: 512 },
  { method: 'MyShortDescription', field: 'short_description', kept: 'shortDescriptions', max: 120 },
] as const satisfies readonly { method: string; field: string; kept: keyof BotState; max: number }[];

/** Name, descriptions and menu buttons. */
export function profileMethods({ self, people, events }: ProfileDeps): Methods {
  const methods: Record<string, Methods[string]> = {};
  for (const { method, field, kept, max } of texts) {
    methods[`set${method}`] = ({ parameters }) => {
      const language = readLanguage(parameters);
      const text = (parameters.text(field) ?? '').trim();
      if (text.length > max) throw badRequest(`${field.toUpperCase()}_TOO_LONG`);
      self.change((state) => {
        if (text === '') delete state[kept][language];
        else state[kept][language] = text;
      });
      tellEverybody(people, events);
      return true;
    };
    methods[`get${method}`] = ({ parameters }) => ({
      [field]: self.state()[kept][readLanguage(parameters)] ?? self.state()[kept][''] ?? fallback(self, kept),
    });
  }
  return {
    ...methods,
    setChatMenuButton({ parameters }) {
      const chat = menuChat(parameters, people);
      const button = readMenuButton(parameters);
      self.change((state) => {
        state.menuButtons[chat] = button;
      });
      tellEverybody(people, events);
      return true;
    },
    getChatMenuButton: ({ parameters }) => {
      const { menuButtons } = self.state();
      return menuButtons[menuChat(parameters, people)] ?? menuButtons[''] ?? { type: 'commands' };
    },
  };
}

/** The bot as one person is shown it. */
export function profileFor(self: BotSelf, person: Person): Record<string, unknown> {
  const { names, descriptions, shortDescriptions, menuButtons } = self.state();
  const inLanguage = (texts_: Record<string, string>) => texts_[person.language] ?? texts_[''] ?? '';
  return {
    firstName: inLanguage(names) || self.asUser().first_name,
    description: inLanguage(descriptions),
    shortDescription: inLanguage(shortDescriptions),
    commands: commandsFor(self, person),
    menuButton: menuButtons[String(person.telegramId)] ?? menuButtons[''] ?? { type: 'commands' },
  };
}

function fallback(self: BotSelf, kept: keyof BotState): string {
  return kept === 'names' ? self.asUser().first_name : '';
}

function menuChat(parameters: Parameters, people: People): string {
  return parameters.has('chat_id') ? String(people.known(parameters).telegramId) : '';
}

function readMenuButton(parameters: Parameters): MenuButton {
  const given = (parameters.json('menu_button', 'menu button') ?? { type: 'default' }) as Record<string, unknown>;
  if (given['type'] === 'default') return { type: 'default' };
  if (given['type'] === 'commands') return { type: 'commands' };
  if (given['type'] !== 'web_app') throw badRequest("can't parse menu button: Unsupported type specified");
  const text = given['text'];
  if (typeof text !== 'string' || text === '') throw badRequest('MENU_BUTTON_TEXT_INVALID');
  checkWebApp(given['web_app']);
  return { type: 'web_app', text, web_app: { url: (given['web_app'] as { url: string }).url } };
}
