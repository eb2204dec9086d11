import { Composer } from 'telegraf';
import { isUuid } from '../../core/ids.ts';
import { type BotContext, onCommand, onCommandOrTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { menuScreen } from './menu.ts';
import { showPayment } from './recharge.ts';

const telegramIdDigitsMax = 15;

/** Meeting the bot, by itself or by a link that says where to begin; and the menu. */
export function createStartFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommand(composer, ['start'], async (ctx, payload) => {
    if (await followLink(deps, ctx, payload)) return;
    await ctx.chatroom.show(await menuScreen(deps, ctx));
  });
  onCommandOrTap(composer, { command: 'menu', tap: 'menu' }, async (ctx) => {
    await ctx.chatroom.show(await menuScreen(deps, ctx));
  });
  return composer;
}

/** Whether the link's payload has led to a screen of its own. One that we do not know is a plain start. */
async function followLink(deps: BotDeps, ctx: BotContext, payload: string): Promise<boolean> {
  const [, kind, rest = ''] = /^(ref|pay)_([\w-]{1,60})$/.exec(payload) ?? [];
  if (kind === 'ref') {
    const inviter = readReferralCode(rest);
    if (inviter !== undefined) await deps.referrals.record(ctx.person.id, inviter);
    return false;
  }
  if (kind !== 'pay' || !isUuid(rest)) return false;
  const topup = await deps.topups.find(rest, ctx.person.id);
  if (topup === null) return false;
  await showPayment(ctx, topup);
  return true;
}

/** The code of a person's invitation: their Telegram id in base 36, which is no secret. */
export function referralCode(telegramId: bigint): string {
  return telegramId.toString(36);
}

function readReferralCode(code: string): bigint | undefined {
  if (!/^[0-9a-z]{1,11}$/.test(code)) return undefined;
  const id = Number.parseInt(code, 36);
  return String(id).length <= telegramIdDigitsMax ? BigInt(id) : undefined;
}
