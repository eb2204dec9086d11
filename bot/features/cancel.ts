import { Composer } from 'telegraf';
import { type BotContext, onCommand } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { menuScreen } from './menu.ts';

/** `/cancel` leaves whatever one was in the middle of; nothing that was ordered is touched. */
export function createCancelFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommand(composer, ['cancel'], async (ctx) => {
    const menu = await menuScreen(deps, ctx);
    const { name } = ctx.chatroom.scene;
    const said = name === 'none' || name === 'payment' ? 'cancel-nothing' : 'cancel-done';
    await ctx.chatroom.show({ ...menu, html: `${ctx.words.html(said)}\n\n${menu.html}` });
  });
  return composer;
}
