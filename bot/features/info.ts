import { Composer } from 'telegraf';
import { type BotContext, onCommandOrTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { button } from '../keyboards.ts';

/** What the bot can do, and the terms. */
export function createInfoFeature(_deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'help', tap: 'help' }, async (ctx) => {
    const { words } = ctx;
    await ctx.chatroom.show({
      html: words.html('help'),
      keyboard: [
        [button(words.plain('button-generate'), 'gen'), button(words.plain('button-recharge'), 'top')],
        [button(words.plain('button-support'), 'sup'), button(words.plain('button-paysupport'), 'paysup')],
        [button(words.plain('button-back'), 'menu')],
      ],
    });
  });
  onCommandOrTap(composer, { command: 'terms', tap: 'terms' }, async (ctx) => {
    const { words } = ctx;
    const keyboard = [
      [button(words.plain('button-paysupport'), 'paysup')],
      [button(words.plain('button-back'), 'menu')],
    ];
    await ctx.chatroom.show({ html: words.html('terms'), keyboard });
  });
  return composer;
}
