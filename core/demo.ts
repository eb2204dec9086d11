import type { Role } from './access.ts';

export interface DemoUser {
  /** What the person is called on the command line. */
  readonly name: string;
  readonly telegramId: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username: string;
  readonly language: 'ru' | 'en';
  readonly role: 'buyer' | Role;
}

/**
 * The people of embedded mode. Their ids are above 2^32, as those of new Telegram accounts are, so that a column or a
 * client that is too narrow shows at once.
 */
export const demoUsers: readonly DemoUser[] = [
  { name: 'anna', telegramId: 7_100_000_001, firstName: 'Анна', username: 'anna_demo', language: 'ru', role: 'buyer' },
  {
    name: 'boris',
    telegramId: 7_100_000_002,
    firstName: 'Boris',
    username: 'boris_demo',
    language: 'en',
    role: 'buyer',
  },
  {
    name: 'sonya',
    telegramId: 7_100_000_003,
    firstName: 'Соня',
    username: 'sonya_demo',
    language: 'ru',
    role: 'manager',
  },
  { name: 'oleg', telegramId: 7_100_000_004, firstName: 'Oleg', username: 'oleg_demo', language: 'en', role: 'owner' },
];

/** The bot of embedded mode, without @. */
export const demoBotUsername = 'holdfast_demo_bot';

/** The demo person of a name, or undefined. */
export function findDemoUser(name: string): DemoUser | undefined {
  return demoUsers.find((user) => user.name === name.toLowerCase());
}

/** The roles that a demo person holds. */
export function demoRoles(user: DemoUser): Role[] {
  return user.role === 'buyer' ? [] : [user.role];
}
