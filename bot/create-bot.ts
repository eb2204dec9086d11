import type { Update } from '@grammyjs/types';
import { Telegraf } from 'telegraf';
import type { Update as RouterUpdate, UserFromGetMe } from 'telegraf/types';
import { BotContext } from './context.ts';
import type { BotDeps } from './deps.ts';
import { createAccountFeature } from './features/account.ts';
import { createCancelFeature } from './features/cancel.ts';
import { createApprovalsFeature } from './features/approvals.ts';
import { createFallbackFeature } from './features/fallback.ts';
import { createGenerateFeature } from './features/generate.ts';
import { createHistoryFeature } from './features/history.ts';
import { createInfoFeature } from './features/info.ts';
import { createRechargeFeature } from './features/recharge.ts';
import { createResultsFeature } from './features/results.ts';
import { createSettingsFeature } from './features/settings.ts';
import { createStarsFeature } from './features/stars.ts';
import { createStartFeature } from './features/start.ts';
import { createSupportFeature } from './features/support.ts';
import { answerTaps } from './middleware/answer-taps.ts';
import { limitRate } from './middleware/limit-rate.ts';
import { meetPerson } from './middleware/meet-person.ts';
import { turnAwayClosed } from './middleware/turn-away-closed.ts';
import type { UpdateHandler } from './ports.ts';

/**
 * The bot's screens behind one door. telegraf only routes: it is told who we are, it never polls, listens or calls, and
 * its handlers end when they have asked the gateway. What goes wrong is thrown, so that the update is kept.
 */
export function createBot(deps: BotDeps): UpdateHandler {
  // The token is never used: every call goes through the sender, which has its own.
  const bot = new Telegraf<BotContext>(`${deps.botInfo.id}:routing-only`, {
    contextType: BotContext,
    handlerTimeout: Number.POSITIVE_INFINITY,
  });
  bot.botInfo = aboutUs(deps.botInfo);
  bot.catch((error) => {
    throw error;
  });
  const repeats = new WeakSet<object>();
  bot.use(
    meetPerson(deps),
    answerTaps(deps),
    limitRate(deps, (update) => repeats.has(update)),
    turnAwayClosed(),
  );
  const features = [
    createStartFeature,
    createCancelFeature,
    createAccountFeature,
    createRechargeFeature,
    createStarsFeature,
    createApprovalsFeature,
    createGenerateFeature,
    createResultsFeature,
    createHistoryFeature,
    createSettingsFeature,
    createInfoFeature,
    createSupportFeature,
    createFallbackFeature,
  ];
  for (const create of features) bot.use(create(deps));
  return {
    handle(update: Update, { isRepeat }) {
      if (isRepeat) repeats.add(update);
      return bot.handleUpdate(update as unknown as RouterUpdate);
    },
  };
}

function aboutUs({ id, username, firstName }: BotDeps['botInfo']): UserFromGetMe {
  return {
    id,
    username,
    first_name: firstName,
    is_bot: true,
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  };
}
