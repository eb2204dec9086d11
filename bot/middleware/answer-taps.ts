import type { MiddlewareFn } from 'telegraf';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';

/** A tap is answered within this time even where the work behind it takes longer: the button stops spinning. */
const answerWithinMs = 700;
const toastUnitsMax = 200;
/** Updates whose failure has been told, so that its repetitions are silent. */
const toldMax = 1_000;

/**
 * Answers every tap, and says so when something went wrong: once, for the update itself is tried again.
 */
export function answerTaps(deps: BotDeps): MiddlewareFn<BotContext> {
  const told = new Set<number>();

  return async (ctx, next) => {
    const answer = createAnswer(deps, ctx);
    ctx.toast = answer.once;
    const late = setTimeout(() => answer.once(undefined), answerWithinMs);
    try {
      await next();
    } catch (error) {
      if (!told.has(ctx.update.update_id)) {
        remember(told, ctx.update.update_id);
        if (ctx.callbackQuery === undefined) await ctx.chatroom.say(ctx.words.html('error-passing'));
        else ctx.toast(ctx.words.plain('error-passing-short'));
      }
      throw error;
    } finally {
      clearTimeout(late);
      answer.once(undefined);
      await answer.sent();
    }
  };
}

function createAnswer({ sender }: BotDeps, ctx: BotContext) {
  const queryId = ctx.callbackQuery?.id;
  let sending: Promise<unknown> | undefined;
  return {
    /** The first answer counts; Telegram takes no second. */
    once(text: string | undefined): void {
      if (queryId === undefined || sending !== undefined) return;
      const shown = text === undefined ? {} : { text: text.slice(0, toastUnitsMax) };
      const way = { chatId: undefined, priority: 'reply' } as const;
      // One that comes too late is refused; there is nobody left to tell.
      sending = sender.call('answerCallbackQuery', { callback_query_id: queryId, ...shown }, way);
    },
    sent: (): Promise<unknown> => sending ?? Promise.resolve(),
  };
}

function remember(told: Set<number>, updateId: number): void {
  told.add(updateId);
  const [oldest] = told;
  if (told.size > toldMax && oldest !== undefined) told.delete(oldest);
}
