import { Composer } from 'telegraf';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { beginDraft } from '../drafting.ts';
import { button } from '../keyboards.ts';
import { modelsScreen } from './generate-screens.ts';
import { menuScreen } from './menu.ts';

/** What nobody else has answered: a helpful word, never silence. */
export function createFallbackFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  composer.use(async (ctx) => {
    const { incoming, words, chatroom } = ctx;
    switch (incoming.kind) {
      case 'tap': {
        // A button of an older version, or one that was made up.
        ctx.toast(words.plain('expired'));
        await chatroom.show(await menuScreen(deps, ctx));
        return;
      }
      case 'text': {
        // Words out of the blue are most likely something to draw, and must not be typed twice.
        const prompt = incoming.text.trim();
        await chatroom.show(modelsScreen(deps, ctx, await beginDraft(deps, ctx.person.id, { prompt })));
        return;
      }
      case 'command': {
        const keyboard = [[button(words.plain('button-help'), 'help'), button(words.plain('button-menu'), 'menu')]];
        await chatroom.say(words.html('unknown-command'), keyboard);
        return;
      }
      default: {
        const keyboard = [[button(words.plain('button-menu'), 'menu')]];
        await chatroom.say(words.html('unknown-message'), keyboard);
      }
    }
  });
  return composer;
}
