import type { MiddlewareFn } from 'telegraf';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';

/**
 * Lets a person do so much a minute, over all processes and together with what they read in the Mini App.
 * Beyond it nothing is done; it is said once in a window, and later taps are answered without a word, so that no button
 * spins. What Telegram says of payments never comes here. An update that is tried again has been counted; and a count
 * that fails keeps nobody out, since no money hangs on it.
 */
export function limitRate(
  { rates, metrics }: Pick<BotDeps, 'rates' | 'metrics'>,
  isRepeat: (update: object) => boolean,
): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    ctx.isRepeat = isRepeat(ctx.update);
    if (ctx.isRepeat) return next();
    const verdict = await rates.admitPerson(ctx.person.id, 'message');
    if (verdict.outcome !== 'refused') return next();
    metrics.limited.inc({ kind: ctx.incoming.kind });
    const { retryAfterSeconds: seconds } = verdict;
    if (!(await rates.mayTell(ctx.person.id, seconds))) return;
    if (ctx.callbackQuery === undefined) await ctx.chatroom.say(ctx.words.html('too-fast', { seconds }));
    else ctx.toast(ctx.words.plain('too-fast-tap', { seconds }));
  };
}
