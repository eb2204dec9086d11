import type { Logger } from 'pino';
import { type Simulator, type SimulatorParts, createSimulator } from '../simulator-kit.ts';
import { createActs } from './simulator/acts.ts';
import { apiRoutes } from './simulator/api.ts';
import { createBotSelf } from './simulator/bot-self.ts';
import { createCallbacks } from './simulator/callbacks.ts';
import { actionMethods } from './simulator/chat-actions.ts';
import { deletionMethods } from './simulator/deletions.ts';
import { createEdits } from './simulator/edits.ts';
import { createChatEvents } from './simulator/events.ts';
import { createPolling } from './simulator/get-updates.ts';
import { createMessages } from './simulator/messages.ts';
import type { Methods } from './simulator/method.ts';
import { openCollections, type Settings } from './simulator/model.ts';
import { pageRoutes } from './simulator/page-api.ts';
import { createPeople } from './simulator/people.ts';
import { personMessageRoutes } from './simulator/person-messages.ts';
import { sandboxPageRoutes } from './simulator/sandbox-page.ts';
import { textMethods } from './simulator/text-messages.ts';
import { createUpdates } from './simulator/updates.ts';

export interface TelegramSimulatorOptions extends Partial<Settings> {
  readonly botToken: string;
  readonly logger: Logger;
  /** Where the Mini App is, for the menu button that the bot has not set. */
  readonly miniAppUrl?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where chats and updates are kept over restarts; without it, in memory. */
  readonly statePath?: string;
  /** The built sandbox page; without it a page says that it is not built. */
  readonly sandboxFolder?: string;
  readonly botUsername?: string;
}

/**
 * The twin of Telegram's Bot API (contract of the Bot API, sections 3 to 5), with people who chat with the bot under
 * `/_sim` and the sandbox page at `/`. A bot's library needs only another API root.
 */
export function createTelegramSimulator(options: TelegramSimulatorOptions): Simulator {
  const { logger, port, host, statePath } = options;
  const listening = {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(statePath === undefined ? {} : { statePath }),
  };
  return createSimulator({ name: 'telegram', logger, ...listening }, (parts) => define(parts, options));
}

function define(parts: SimulatorParts, options: TelegramSimulatorOptions) {
  const { clock, store, logger } = parts;
  const settings = initialSettings(options);
  const collections = openCollections(store);
  const self = createBotSelf(collections, {
    botToken: options.botToken,
    username: options.botUsername ?? 'holdfast_demo_bot',
    firstName: 'Holdfast',
  });
  const people = createPeople(collections);
  const events = createChatEvents();
  const updates = createUpdates(collections, self, clock);
  const polling = createPolling(updates, self, clock);
  const messages = createMessages({ collections, people, self, events, clock, countSending: () => undefined });
  const edits = createEdits({ messages, people, self, clock });
  const callbacks = createCallbacks({ people, messages, updates, events, clock, settings });
  const acts = createActs({ people, messages, updates, events, self, clock });

  const methods: Methods = {
    getMe: () => self.me(),
    ...polling.methods,
    ...textMethods(messages),
    ...edits.methods,
    ...deletionMethods({ messages, people }),
    ...actionMethods({ people, events, clock }),
    ...callbacks.methods,
  };
  const page = pageRoutes({
    people,
    messages,
    acts,
    callbacks,
    events,
    self,
    nowMs: clock.nowMs,
    profile: () => ({
      firstName: self.asUser().first_name,
      description: '',
      shortDescription: '',
      commands: [],
      menuButton: { type: 'default' },
    }),
  });
  page.use(personMessageRoutes({ people, acts }).routes());

  return {
    routes: [
      apiRoutes({
        botToken: options.botToken,
        methods,
        logError: (error, method) => logger.error({ err: error, method }, 'a method of the Bot API failed'),
      }),
      sandboxPageRoutes(options.sandboxFolder),
    ],
    controls: page,
    state: () => ({
      chats: people.all().map((person) => people.chat(person.telegramId)),
      updates: updates.pending().map(({ update }) => update),
    }),
    reset: () => Object.assign(settings, initialSettings(options)),
    stop: async () => {
      polling.close();
      callbacks.close();
    },
  };
}

function initialSettings(options: TelegramSimulatorOptions): Settings {
  return {
    floodLimits: options.floodLimits ?? false,
    callbackSeconds: options.callbackSeconds ?? 15,
    checkoutSeconds: options.checkoutSeconds ?? 10,
    retryScale: options.retryScale ?? 1,
    loopbackWebhooks: options.loopbackWebhooks ?? true,
    failPayments: options.failPayments ?? 0,
  };
}
