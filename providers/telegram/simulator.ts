import type { Logger } from 'pino';
import { demoBotUsername } from '../../core/demo.ts';
import { type Simulator, type SimulatorDefinition, type SimulatorParts, createSimulator } from '../simulator-kit.ts';
import { createActs } from './simulator/acts.ts';
import { apiRoutes, createCaller } from './simulator/api.ts';
import { createBotSelf } from './simulator/bot-self.ts';
import { createCallbacks } from './simulator/callbacks.ts';
import { actionMethods } from './simulator/chat-actions.ts';
import { createCharges } from './simulator/charges.ts';
import { createCheckout } from './simulator/checkout.ts';
import { commandMethods } from './simulator/commands.ts';
import { controlRoutes } from './simulator/controls.ts';
import { copyMethods } from './simulator/copies.ts';
import { deletionMethods } from './simulator/deletions.ts';
import type { OrderDesk } from './simulator/desk.ts';
import { createEdits } from './simulator/edits.ts';
import { createChatEvents } from './simulator/events.ts';
import { createFiles, describeFile } from './simulator/files.ts';
import { createFloodGuard } from './simulator/flood.ts';
import { createPolling } from './simulator/get-updates.ts';
import { giftMethods } from './simulator/gifts.ts';
import { createGroupActs } from './simulator/group-acts.ts';
import { groupMethods } from './simulator/group-methods.ts';
import { createGroups } from './simulator/groups.ts';
import { createInlineMode } from './simulator/inline.ts';
import { createInputFiles } from './simulator/input-files.ts';
import { invoiceMethods } from './simulator/invoices.ts';
import { mediaMethods } from './simulator/media-messages.ts';
import { createMessages } from './simulator/messages.ts';
import type { Methods } from './simulator/method.ts';
import { openCollections, type Settings } from './simulator/model.ts';
import { downloadRoutes } from './simulator/page-files.ts';
import { createPeople } from './simulator/people.ts';
import { createPlaces } from './simulator/places.ts';
import { profileMethods } from './simulator/profile.ts';
import { starMethods } from './simulator/stars.ts';
import { staticRoutes } from './simulator/static.ts';
import { createStickerSet } from './simulator/sticker-set.ts';
import { createRenewal } from './simulator/subscriptions.ts';
import { textMethods } from './simulator/text-messages.ts';
import { createUpdates } from './simulator/updates.ts';
import { createWebApps } from './simulator/web-apps.ts';
import { createWebhooks } from './simulator/webhooks.ts';

export interface TelegramSimulatorOptions extends Partial<Settings> {
  readonly botToken: string;
  readonly logger: Logger;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where chats and updates are kept over restarts; without it, in memory. */
  readonly statePath?: string;
  /** The built sandbox page; without it a page says that it is not built. */
  readonly sandboxFolder?: string;
  readonly botUsername?: string;
  /** The shop's books, for the sandbox page; without it the page shows no orders. */
  readonly orderDesk?: OrderDesk;
}

/**
 * The twin of Telegram's Bot API, with people who chat with the bot under `/_sim` and the sandbox page at `/`. A bot's
 * library needs only another API root.
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

/** The parts that the methods of the API and the people's acts are made of. */
function assemble(parts: SimulatorParts, options: TelegramSimulatorOptions, settings: Settings) {
  const { clock, store, jobs } = parts;
  const { nowMs } = clock;
  const collections = openCollections(store);
  const username = options.botUsername ?? demoBotUsername;
  const self = createBotSelf(collections, { botToken: options.botToken, username, firstName: 'Holdfast', settings });
  const people = createPeople(collections);
  const groups = createGroups(collections, people, self);
  const places = createPlaces({ people, groups, self });
  const events = createChatEvents();
  const updates = createUpdates(collections, self, clock);
  const polling = createPolling(updates, self, clock);
  const { countSending } = createFloodGuard(settings, nowMs);
  const messages = createMessages({ collections, people, places, self, events, clock, countSending });
  const edits = createEdits({ collections, messages, places, self, clock });
  const callbacks = createCallbacks({ collections, people, messages, updates, events, clock, settings });
  const acts = createActs({ people, messages, updates, events, self, clock });
  const groupActs = createGroupActs({ people, groups, places, messages, updates, self, clock, settings });
  const files = createFiles(collections, filesFolder(options.statePath));
  const inputs = createInputFiles(files);
  const stickers = createStickerSet(collections, files);
  const inline = createInlineMode({ collections, people, acts, groupActs, updates, inputs, self, clock });
  const charges = createCharges({ store, jobs, collections, people, messages, updates, nowMs });
  const checkout = createCheckout({ parts, collections, people, messages, updates, events, settings, charges });
  const webApps = createWebApps({ self, botToken: options.botToken, people, acts, nowMs });

  const methods: Methods = {
    getMe: () => self.me(),
    ...polling.methods,
    ...textMethods(messages),
    ...copyMethods({ messages, places, self, countSending }),
    ...mediaMethods({ messages, places, edits, inputs, countSending }),
    ...edits.methods,
    ...deletionMethods({ messages, places, groups, self, nowMs }),
    ...actionMethods({ people, places, events, clock }),
    ...callbacks.methods,
    ...commandMethods({ self, people, events }),
    ...profileMethods({ self, people, events }),
    ...groupMethods({ people, groups, places, self, groupActs }),
    getFile: ({ parameters }) => describeFile(files, parameters.text('file_id')),
    ...invoiceMethods({ collections, messages, places, nowMs }),
    ...checkout.methods,
    ...starMethods({ store, collections, people, messages, updates, nowMs }),
    ...stickers.methods,
    ...giftMethods({ store, collections, people, places, messages, stickers, nowMs }),
    ...inline.methods,
    ...webApps.methods,
  };
  return {
    collections,
    self,
    people,
    groups,
    groupActs,
    events,
    updates,
    polling,
    messages,
    callbacks,
    acts,
    files,
    inputs,
    stickers,
    inline,
    checkout,
    charges,
    webApps,
    methods,
  };
}

function define(parts: SimulatorParts, options: TelegramSimulatorOptions): SimulatorDefinition {
  const settings = initialSettings(options);
  const world = assemble(parts, options, settings);
  const { collections, people, polling, callbacks, checkout, files, methods, updates } = world;
  const webhooks = createWebhooks({ ...world, parts, settings, caller: createCaller(methods) });
  const api = apiRoutes({
    botToken: options.botToken,
    methods: { ...methods, ...webhooks.methods },
    logError: (error, method) => parts.logger.error({ err: error, method }, 'a method of the Bot API failed'),
  });
  return {
    routes: [api, downloadRoutes(files, options.botToken), staticRoutes(options.sandboxFolder)],
    controls: controlRoutes({ ...world, settings, nowMs: parts.clock.nowMs, desk: options.orderDesk }),
    jobs: {
      'checkout-timeout': checkout.expire,
      'webhook-queue': webhooks.wake,
      'subscription-renewal': createRenewal(world),
    },
    state: () => ({
      groups: world.groups.all(),
      chats: people.all().map((person) => people.chat(person.telegramId)),
      updates: updates.pending().map(({ update }) => update),
      payments: [...collections.payments.values()],
      invoices: [...collections.invoices.values()].map(({ providerToken: _secret, ...invoice }) => invoice),
      commands: world.self.state().commands,
      webhook: webhooks.info(),
      polling: polling.isOpen(),
    }),
    reset() {
      Object.assign(settings, initialSettings(options));
      files.clear();
    },
    clockTurnedBack: webhooks.retryNow,
    start: async () => webhooks.start(),
    async stop() {
      polling.close();
      callbacks.close();
      world.inline.close();
      checkout.close();
      await webhooks.stop();
    },
  };
}

/** The bytes of files lie beside the state. */
function filesFolder(statePath: string | undefined): string | undefined {
  return statePath === undefined ? undefined : `${statePath.replace(/\.json$/, '')}-files`;
}

function initialSettings(options: TelegramSimulatorOptions): Settings {
  return {
    floodLimits: options.floodLimits ?? false,
    callbackSeconds: options.callbackSeconds ?? 15,
    checkoutSeconds: options.checkoutSeconds ?? 10,
    retryScale: options.retryScale ?? 1,
    loopbackWebhooks: options.loopbackWebhooks ?? true,
    privacyMode: options.privacyMode ?? true,
    inlineMode: options.inlineMode ?? false,
    failPayments: options.failPayments ?? 0,
  };
}
