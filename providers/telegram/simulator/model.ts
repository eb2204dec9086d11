import type {
  BotCommand,
  Chat,
  Gift,
  InlineKeyboardMarkup,
  MenuButton,
  MessageEntity,
  ReplyKeyboardMarkup,
  Update,
  User,
} from '@grammyjs/types';
import type { Collection, Store } from '../../simulator-store.ts';

/** One of the people who can talk to the bot. */
export interface Person {
  readonly telegramId: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username: string;
  language: string;
  readonly role: string;
}

/** What stands between a person and the bot. */
export interface ChatState {
  readonly telegramId: number;
  /** The person has pressed Start at least once. */
  started: boolean;
  blocked: boolean;
  /** The account is gone. */
  deactivated?: boolean;
  /** The bot has met the person otherwise, in a Mini App. */
  seen: boolean;
  /** The person lets the bot write although Start was never pressed. */
  writeAccess: boolean;
  stars: number;
  replyKeyboard?: ReplyKeyboardMarkup;
  action?: { action: string; untilMs: number };
}

/** How somebody stands to a group, by the Bot API's words. */
export type MemberStatus = 'creator' | 'administrator' | 'member' | 'left' | 'kicked';

/** A group that people have made, with the bot in it or not. */
export interface Group {
  readonly chatId: number;
  readonly type: 'group' | 'supergroup';
  readonly title: string;
  /** Everybody who is or was in it, the bot too, by their id. */
  readonly members: Readonly<Record<string, MemberStatus>>;
  /** The supergroup that it has become. */
  readonly upgradedTo?: number;
}

/** A message as the Bot API shows it; what it is about stands in one of many optional fields. */
export interface MessageObject {
  readonly message_id: number;
  readonly date: number;
  readonly chat: Chat;
  readonly from: User;
  edit_date?: number;
  text?: string;
  entities?: MessageEntity[];
  caption?: string;
  caption_entities?: MessageEntity[];
  reply_markup?: InlineKeyboardMarkup;
  media_group_id?: string;
  [field: string]: unknown;
}

/** A message as the simulator keeps it. */
export interface StoredMessage {
  readonly message: MessageObject;
  deleted: boolean;
  /** The invoice that the message shows. */
  readonly invoiceId?: string;
  paid?: boolean;
  spoiler?: boolean;
}

/** What a file that is a sticker says of itself. */
export interface StickerFacts {
  readonly form: 'static' | 'animated' | 'video';
  readonly emoji?: string;
  readonly setName?: string;
}

/** A file as the simulator keeps it; the bytes lie elsewhere. */
export interface StoredFile {
  readonly kind: 'photo' | 'video' | 'document' | 'animation' | 'audio' | 'sticker';
  readonly sticker?: StickerFacts;
  /** The bot's own name for it. */
  readonly fileId: string;
  /** The same for the same bytes. */
  readonly uniqueId: string;
  readonly filePath: string;
  readonly mime: string;
  readonly fileName?: string;
  readonly size: number;
  readonly width?: number;
  readonly height?: number;
}

/** What is asked to be paid; an invoice can be paid many times by many people. */
export interface StoredInvoice {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly payload: string;
  readonly currency: string;
  /** In the smallest units of the currency; a Star has none smaller. */
  readonly totalAmount: number;
  readonly prices: readonly { readonly label: string; readonly amount: number }[];
  readonly providerToken?: string;
  readonly photoUrl?: string;
  readonly subscriptionSeconds?: number;
  readonly createdAtMs: number;
}

export interface StoredPayment {
  readonly chargeId: string;
  readonly providerChargeId: string;
  readonly telegramId: number;
  readonly currency: string;
  readonly totalAmount: number;
  readonly payload: string;
  readonly invoiceId: string;
  readonly paidAtMs: number;
  readonly refunded: boolean;
  readonly subscription?: {
    readonly expiresAtMs: number;
    readonly canceled: boolean;
    readonly first: boolean;
    /** The charge of its next month was taken. */
    readonly renewed?: boolean;
  };
}

/** A movement of the bot's Stars. */
export interface StarTransaction {
  readonly direction: 'in' | 'out';
  readonly chargeId: string;
  readonly telegramId: number;
  readonly amount: number;
  readonly payload: string;
  readonly atMs: number;
  readonly subscriptionSeconds?: number;
  /** What the Stars were spent on, where it is a gift. */
  readonly gift?: Gift;
}

/** What one update is about. */
export type UpdateKind = Exclude<keyof Update, 'update_id'>;

export interface StoredUpdate {
  readonly update: { readonly update_id: number } & Readonly<Record<string, unknown>>;
  readonly kind: UpdateKind;
  /** Updates of one queue are delivered to a webhook one after the other. */
  readonly queue: string;
  readonly expiresAtMs: number;
}

/** What the bot has said about itself and how it wants its updates; under one id. */
export interface BotState {
  allowedUpdates?: readonly string[];
  webhook?: WebhookState;
  readonly names: Record<string, string>;
  readonly descriptions: Record<string, string>;
  readonly shortDescriptions: Record<string, string>;
  /** By scope and language. */
  readonly commands: Record<string, BotCommand[]>;
  /** By chat; '' is the default. */
  readonly menuButtons: Record<string, MenuButton>;
}

export interface WebhookState {
  readonly url: string;
  readonly secretToken?: string;
  readonly maxConnections: number;
  readonly ipAddress?: string;
  lastErrorDate?: number;
  lastErrorMessage?: string;
}

/** What can be set at the start and changed by `POST /_sim/options`; `reset` brings the start's values back. */
export interface Settings {
  /** 30 messages a second, one a second per chat, 20 a minute per group: refused with 429 beyond. */
  floodLimits: boolean;
  /** How long a callback query can be answered. */
  callbackSeconds: number;
  /** How long a pre-checkout query can be answered. */
  checkoutSeconds: number;
  /** Multiplies the waits between deliveries to a webhook. */
  retryScale: number;
  /** Webhooks may be on this machine, in plain HTTP and on any port. */
  loopbackWebhooks: boolean;
  /** In groups the bot hears only what is for it; @BotFather's setting. */
  privacyMode: boolean;
  /** People can type the bot's name in any chat; @BotFather's setting. */
  inlineMode: boolean;
  /** The next so many payments fail at the bank's. */
  failPayments: number;
}

export interface Collections {
  readonly people: Collection<Person>;
  readonly chats: Collection<ChatState>;
  readonly groups: Collection<Group>;
  readonly updates: Collection<StoredUpdate>;
  readonly bot: Collection<BotState>;
  readonly counters: Collection<number>;
  readonly files: Collection<StoredFile>;
  readonly invoices: Collection<StoredInvoice>;
  readonly payments: Collection<StoredPayment>;
  readonly starTransactions: Collection<StarTransaction>;
  /** Where a message stands that was sent by way of the bot, by its `inline_message_id`. */
  readonly inlineMessages: Collection<{ readonly chatId: number; readonly messageId: number }>;
  /** The messages of one chat, by their id. */
  messages(chatId: number): Collection<StoredMessage>;
}

/** The simulator's own collections in the store. */
export function openCollections(store: Store): Collections {
  return {
    people: store.collection('people'),
    chats: store.collection('chats'),
    groups: store.collection('groups'),
    updates: store.collection('updates'),
    bot: store.collection('bot'),
    counters: store.collection('counters'),
    files: store.collection('files'),
    invoices: store.collection('invoices'),
    payments: store.collection('payments'),
    starTransactions: store.collection('starTransactions'),
    inlineMessages: store.collection('inlineMessages'),
    messages: (chatId) => store.collection(`messages:${chatId}`),
  };
}

/** The next number of a row that goes on over restarts. */
export function nextNumber(counters: Collection<number>, name: string, first: number): number {
  const number = (counters.get(name) ?? first - 1) + 1;
  counters.put(name, number);
  return number;
}
