import type { MiddlewareFn } from 'telegraf';
import type { BotContext } from '../context.ts';

/** A person whose account is closed gets one sentence and no screen. */
export function turnAwayClosed(): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    if (ctx.person.status !== 'banned') return next();
    if (ctx.callbackQuery === undefined) await ctx.chatroom.say(ctx.words.html('account-closed'));
    else ctx.toast(ctx.words.plain('account-closed'));
  };
}
