import type { Catalogue } from '../core/pricing/catalogue.ts';
import type { BotDrafts } from '../db/bot-drafts.ts';
import type { BotSessions } from '../db/bot-sessions.ts';
import type { Cases } from '../db/cases.ts';
import type { Generations } from '../db/generations.ts';
import type { Images } from '../db/images.ts';
import type { OperatorActions } from '../db/operator-actions.ts';
import type { OrderHistory } from '../db/order-history.ts';
import type { OrderTitles } from '../db/order-titles.ts';
import type { RateLimits } from '../db/rate-limits.ts';
import type { Referrals } from '../db/referrals.ts';
import type { StarCases } from '../db/star-cases.ts';
import type { StarPurchases } from '../db/star-purchases.ts';
import type { StarQuotes } from '../db/star-quotes.ts';
import type { StarStatusMessages } from '../db/star-status-messages.ts';
import type { Topups } from '../db/topups.ts';
import type { Users } from '../db/users.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { LedgerReads } from '../ledger/reads.ts';
import type { Blobs } from '../platform/blobs.ts';
import type { Logger } from '../platform/logger.ts';
import type { TelegramClient } from '../providers/telegram/client.ts';
import type { BotMetrics } from './metrics.ts';
import type { Notices } from './notices.ts';
import type { OperatorCommands } from './operator-commands.ts';
import type { Sender } from './ports.ts';
import type { Words } from './words.ts';

/** What the bot's screens are made of. */
export interface BotDeps {
  /** Our own account, as `getMe` says: nobody is asked for it again. */
  readonly botInfo: { readonly id: number; readonly username: string; readonly firstName: string };
  readonly sender: Sender;
  /** For fetching photos: nothing that a chat sees goes this way. */
  readonly telegram: Pick<TelegramClient, 'call' | 'download'>;
  readonly operatorCommands: OperatorCommands;
  readonly words: (language: string) => Words;
  readonly notices: Pick<Notices, 'renderStatus' | 'renderStarStatus'>;
  readonly catalogue: Catalogue;
  readonly gateway: Pick<
    Gateway,
    | 'placeTopup'
    | 'checkTopup'
    | 'cancelTopup'
    | 'placeGeneration'
    | 'cancelGeneration'
    | 'quoteStars'
    | 'placeStarPurchase'
    | 'cancelStarPurchase'
    | 'decideStarPurchase'
  >;
  readonly users: Pick<Users, 'meet' | 'setLanguage'>;
  readonly referrals: Referrals;
  readonly sessions: BotSessions;
  readonly drafts: BotDrafts;
  readonly topups: Pick<Topups, 'find'>;
  readonly generations: Pick<Generations, 'find' | 'results' | 'prompt'>;
  readonly statusMessages: StatusMessages;
  readonly starPurchases: Pick<StarPurchases, 'find' | 'recipients'>;
  readonly starQuotes: Pick<StarQuotes, 'find'>;
  readonly starMessages: Pick<StarStatusMessages, 'add'>;
  readonly starCases: StarCases;
  /** The trail of what operators do, which every decision of theirs goes through. */
  readonly operatorActions: Pick<OperatorActions, 'begin' | 'finish'>;
  readonly images: Pick<Images, 'insert' | 'count' | 'findOwned'>;
  readonly orderTitles: OrderTitles;
  readonly orderHistory: OrderHistory;
  readonly ledger: Pick<LedgerReads, 'holdings' | 'wallets' | 'transactions'>;
  readonly cases: Cases;
  readonly rates: Pick<RateLimits, 'admitPerson' | 'mayTell'>;
  readonly metrics: Pick<BotMetrics, 'limited'>;
  readonly blobs: Blobs;
  /** Where a photo is while it is looked at. */
  readonly uploadsFolder: string;
  /** Undefined: no button opens the Mini App, since Telegram takes https addresses alone. */
  readonly miniAppUrl: string | undefined;
  readonly logger: Logger;
}

/** Messages that somebody keeps up to date while their generation runs, and turns into its picture at the end. */
export interface StatusMessages {
  add(message: { generationId: string; chatId: number; messageId: number }): Promise<void>;
}
