import type { User, UserFromGetMe } from '@grammyjs/types';
import type { BotState, Collections, Settings } from './model.ts';

export interface BotSelf {
  readonly id: number;
  readonly username: string;
  state(): BotState;
  change(work: (state: BotState) => void): void;
  /** The bot as the author of messages. */
  asUser(): User;
  /** The answer of `getMe`. */
  me(): UserFromGetMe;
}

interface SelfOptions {
  readonly botToken: string;
  readonly username: string;
  readonly firstName: string;
  readonly settings: Settings;
}

/** The bot itself: who it is, and what it has set. */
export function createBotSelf({ bot }: Collections, options: SelfOptions): BotSelf {
  const id = Number(options.botToken.split(':', 1)[0]);
  const state = (): BotState =>
    bot.get('bot') ?? { names: {}, descriptions: {}, shortDescriptions: {}, commands: {}, menuButtons: {} };
  const user = (): User => ({
    id,
    is_bot: true,
    first_name: state().names[''] ?? options.firstName,
    username: options.username,
  });
  return {
    id,
    username: options.username,
    state,
    change(work) {
      const changed = state();
      work(changed);
      bot.put('bot', changed);
    },
    asUser: user,
    me: () =>
      ({
        ...user(),
        can_join_groups: true,
        can_read_all_group_messages: !options.settings.privacyMode,
        supports_inline_queries: options.settings.inlineMode,
        can_connect_to_business: false,
        has_main_web_app: true,
        has_topics_enabled: false,
        allows_users_to_create_topics: false,
        can_manage_bots: false,
        supports_guest_queries: false,
        supports_join_request_queries: false,
      }) as unknown as UserFromGetMe,
  };
}
