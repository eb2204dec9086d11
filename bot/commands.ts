import type { BotCommand, BotCommandScope, MenuButton } from '@grammyjs/types';
import { type Language, languages } from '../core/languages.ts';
import type { Outcome } from '../core/result.ts';
import type { Logger } from '../platform/logger.ts';
import type { Texts } from '../platform/texts.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';

/** What people may type, in the order of the menu; each has a text `command-<name>`, with `-` for `_`. */
export const everybody = [
  'start',
  'generate',
  'buy_stars',
  'premium',
  'recharge',
  'balance',
  'history',
  'settings',
  'language',
  'help',
  'support',
  'paysupport',
  'terms',
  'cancel',
] as const;

/** What a stranger sees where no list of a language applies. */
const least = ['start', 'help'] as const;

export interface ProfileDeps {
  readonly telegram: Pick<TelegramClient, 'call'>;
  readonly texts: Texts;
  /** Undefined: the menu button lists the commands. */
  readonly miniAppUrl: string | undefined;
  readonly logger: Logger;
}

interface Setting {
  readonly what: string;
  /** What stands at Telegram now, as a text to compare. */
  readonly read: () => Promise<string | undefined>;
  readonly wanted: string;
  readonly write: () => Promise<Outcome<unknown>>;
}

/**
 * Brings commands, name, descriptions and menu button at Telegram up to date: reads each first and writes only what
 * differs, so that a start changes nothing twice. Answers what it has written. What Telegram does not take is logged
 * and tried again at the next start; the bot works without it.
 */
export async function syncProfile(deps: ProfileDeps): Promise<readonly string[]> {
  const written: string[] = [];
  for (const setting of settingsOf(deps)) {
    if ((await setting.read()) === setting.wanted) continue;
    const answer = await setting.write();
    if (answer.outcome === 'done') written.push(setting.what);
    else deps.logger.warn({ what: setting.what, outcome: answer.outcome }, 'the profile of the bot was not changed');
  }
  return written;
}

function settingsOf(deps: ProfileDeps): Setting[] {
  const inPrivate: BotCommandScope = { type: 'all_private_chats' };
  return [
    commands(deps, { scope: { type: 'default' }, names: least, language: undefined }),
    commands(deps, { scope: inPrivate, names: everybody, language: undefined }),
    ...languages.map((language) => commands(deps, { scope: inPrivate, names: everybody, language })),
    ...[undefined, ...languages].flatMap((language) => descriptions(deps, language)),
    menuButton(deps),
  ];
}

interface CommandList {
  readonly scope: BotCommandScope;
  readonly names: readonly string[];
  /** Undefined: for whoever speaks none of ours, in English. */
  readonly language: Language | undefined;
}

function commands({ telegram, texts }: ProfileDeps, { scope, names, language }: CommandList): Setting {
  const text = texts.of(language ?? 'en');
  const wanted = names.map((name): BotCommand => ({ command: name, description: text(commandKey(name)) }));
  const key = { scope, ...codeOf(language) };
  return {
    what: `commands ${scope.type} ${language ?? 'default'}`,
    wanted: listText(wanted),
    read: async () => listText(valueOf(await telegram.call('getMyCommands', key)) ?? []),
    write: () => telegram.call('setMyCommands', { ...key, commands: wanted }),
  };
}

/** The text of a command. */
export function commandKey(name: string): string {
  return `command-${name.replaceAll('_', '-')}`;
}

function listText(list: readonly BotCommand[]): string {
  return list.map(({ command, description }) => `${command} ${description}`).join('\n');
}

function descriptions({ telegram, texts }: ProfileDeps, language: Language | undefined): Setting[] {
  const text = texts.of(language ?? 'en');
  const code = codeOf(language);
  const name = text('profile-name');
  const description = text('profile-description');
  const short = text('profile-short-description');
  const where = language ?? 'default';
  return [
    {
      what: `name ${where}`,
      wanted: name,
      read: async () => valueOf(await telegram.call('getMyName', code))?.name,
      write: () => telegram.call('setMyName', { ...code, name }),
    },
    {
      what: `description ${where}`,
      wanted: description,
      read: async () => valueOf(await telegram.call('getMyDescription', code))?.description,
      write: () => telegram.call('setMyDescription', { ...code, description }),
    },
    {
      what: `short description ${where}`,
      wanted: short,
      read: async () => valueOf(await telegram.call('getMyShortDescription', code))?.short_description,
      write: () => telegram.call('setMyShortDescription', { ...code, short_description: short }),
    },
  ];
}

/** One button for all languages: its text cannot be set by language but chat by chat. */
function menuButton({ telegram, texts, miniAppUrl }: ProfileDeps): Setting {
  const wanted: MenuButton =
    miniAppUrl === undefined
      ? { type: 'commands' }
      : { type: 'web_app', text: texts.of('en')('profile-menu-button'), web_app: { url: miniAppUrl } };
  return {
    what: 'menu button',
    wanted: buttonText(wanted),
    read: async () => {
      const present = valueOf(await telegram.call('getChatMenuButton', {}));
      return present === undefined ? undefined : buttonText(present);
    },
    write: () => telegram.call('setChatMenuButton', { menu_button: wanted }),
  };
}

function buttonText(button: MenuButton): string {
  return button.type === 'web_app' ? `web_app ${button.text} ${button.web_app.url}` : button.type;
}

function codeOf(language: Language | undefined): { language_code?: Language } {
  return language === undefined ? {} : { language_code: language };
}

function valueOf<T>(answer: Outcome<T>): T | undefined {
  return answer.outcome === 'done' ? answer.value : undefined;
}
