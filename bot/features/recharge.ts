import { randomUUID } from 'node:crypto';
import { Composer } from 'telegraf';
import { type Money, money } from '../../core/money.ts';
import type { Pack } from '../../core/pricing/catalogue.ts';
import { quoteTopup, type TopupQuote } from '../../core/pricing/quote.ts';
import type { TopupDraft } from '../../db/bot-drafts.ts';
import type { Topup } from '../../db/topups.ts';
import { quotedTopup } from '../../gateway/quoted-order.ts';
import { hashRequest } from '../../platform/request-hash.ts';
import { type BotContext, onCommand, onTap } from '../context.ts';
import { readCredits } from '../credits.ts';
import type { BotDeps } from '../deps.ts';
import { button, rows } from '../keyboards.ts';
import { mayPlace } from '../placing.ts';
import type { Words } from '../words.ts';
import { paymentScreen } from './payment-screen.ts';

/** Buying packs: which one, how to pay, and what became of it. */
export function createRechargeFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommand(composer, ['recharge', 'topup'], async (ctx, argument) => {
    const pack = argument === '' ? undefined : packFor(deps, argument);
    if (pack === undefined) await showPacks(deps, ctx, argument === '' ? '' : ctx.words.html('recharge-no-pack'));
    else await showPack(deps, ctx, pack);
  });
  onTap(composer, 'top', (ctx) => showPacks(deps, ctx));
  onTap(composer, 'pack', async (ctx, packId) => {
    const pack = deps.catalogue.packs.find(({ id }) => id === packId);
    if (pack !== undefined) return showPack(deps, ctx, pack);
    ctx.toast(ctx.words.plain('expired'));
    await showPacks(deps, ctx);
  });
  onTap(composer, 'buy', (ctx, id) => buy(deps, ctx, id));
  onTap(composer, 'pay', async (ctx, id) => {
    const topup = await deps.topups.find(id, ctx.person.id);
    if (topup === null) await gone(deps, ctx);
    else await showPayment(ctx, topup);
  });
  onTap(composer, 'paid', (ctx, id) => check(deps, ctx, id));
  onTap(composer, 'giveup', (ctx, id) => giveUp(deps, ctx, id));
  return composer;
}

/** The packs, with what there is; `lead` says why they are shown. */
async function showPacks(deps: BotDeps, ctx: BotContext, lead = ''): Promise<void> {
  const { words, person } = ctx;
  const { available } = await readCredits(deps.ledger, person.id);
  const buttons = deps.catalogue.packs.map((pack) => button(packLabel(pack, words), 'pack', pack.id));
  const html = words.html('recharge', { balance: words.money(available) });
  await ctx.chatroom.show({
    html: lead === '' ? html : `${lead}\n\n${html}`,
    keyboard: [...rows(buttons, 1), [button(words.plain('button-back'), 'menu')]],
  });
}

function packLabel({ grants, price }: Pack, words: Words): string {
  return `${words.money(grants)} · ${words.money(price)}`;
}

/** The smallest pack that grants as many credits as were asked for. */
function packFor({ catalogue }: BotDeps, argument: string): Pack | undefined {
  const digits = /^\d{1,9}$/.exec(argument.split(/\s/)[0] ?? '')?.[0];
  if (digits === undefined) return undefined;
  const fitting = catalogue.packs.filter(({ grants }) => grants.asset === 'CREDIT' && grants.minor >= BigInt(digits));
  return fitting.sort((left, right) => Number(left.grants.minor - right.grants.minor))[0];
}

/** A pack with every way to pay for it. Each way is a proposal of its own, and the one press that orders it. */
async function showPack(deps: BotDeps, ctx: BotContext, pack: Pack): Promise<void> {
  const { words, person } = ctx;
  const ways = pack.providers.flatMap((provider) => {
    const quoted = quoteTopup(deps.catalogue, pack.id, provider);
    return quoted.ok ? [{ id: randomUUID(), quote: quoted.quote }] : [];
  });
  for (const { id, quote } of ways) {
    const body = { packId: pack.id, provider: quote.provider, shownMinor: quote.price.amountMinor };
    await deps.drafts.addTopup({ id, userId: person.id, body });
  }
  const keyboard = ways.map(({ id, quote }) => {
    const price = words.money(priceOf(quote));
    return [button(words.plain('button-buy', { provider: words.provider(quote.provider), price }), 'buy', id)];
  });
  await ctx.chatroom.show({
    html: words.html('pack', { title: words.money(pack.grants) }),
    keyboard: [...keyboard, [button(words.plain('button-back'), 'top')]],
  });
}

function priceOf(quote: TopupQuote): Money {
  return money(BigInt(quote.price.amountMinor), quote.price.asset);
}

/**
 * Orders a pack under the id of its proposal, so that twenty presses are one purchase. A proposal that is too old, or
 * whose price has changed since, is made anew instead.
 */
async function buy(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const earlier = await deps.topups.find(id, ctx.person.id);
  if (earlier !== null) {
    ctx.toast(ctx.words.plain('already-ordered'));
    return showPayment(ctx, earlier);
  }
  const draft = await deps.drafts.findTopup(id, ctx.person.id);
  const pack = deps.catalogue.packs.find((one) => one.id === draft?.body.packId);
  if (draft === null || pack === undefined) return gone(deps, ctx);
  const quoted = quoteTopup(deps.catalogue, draft.body.packId, draft.body.provider);
  if (!quoted.ok || !draft.isFresh || quoted.quote.price.amountMinor !== draft.body.shownMinor) {
    ctx.toast(ctx.words.plain('expired'));
    return showPack(deps, ctx, pack);
  }
  if (!(await mayPlace(deps, ctx, 'payment'))) return;
  const placed = await deps.gateway.placeTopup(orderOf({ id, userId: ctx.person.id }, draft.body, quoted.quote));
  if (placed.outcome === 'key_conflict') return gone(deps, ctx);
  const topup = placed.outcome === 'placed' ? placed.order : await deps.topups.find(id, ctx.person.id);
  if (topup === null) return gone(deps, ctx);
  await showPayment(ctx, topup);
}

function orderOf(whose: { id: string; userId: string }, { packId, provider }: TopupDraft, quote: TopupQuote) {
  return {
    ...whose,
    requestHash: hashRequest('post /topups', { packId, provider }),
    ...quotedTopup(quote),
  };
}

async function gone(deps: BotDeps, ctx: BotContext): Promise<void> {
  ctx.toast(ctx.words.plain('expired'));
  await showPacks(deps, ctx);
}

/** Shows a top-up as it stands; `lead` says what has just been found out. */
export async function showPayment(ctx: BotContext, topup: Topup, lead = ''): Promise<void> {
  const screen = paymentScreen(topup, ctx.words);
  await ctx.chatroom.show(lead === '' ? screen : { ...screen, html: `${lead}\n\n${screen.html}` });
}

/** "I paid": the provider is asked now. */
async function check(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const checked = await deps.gateway.checkTopup(id, ctx.person.id);
  if (checked.outcome === 'not_found') return gone(deps, ctx);
  if (checked.outcome === 'temporarily_unavailable') {
    ctx.toast(ctx.words.plain('unavailable'));
    return;
  }
  const { topup } = checked;
  const isWaiting = topup.status === 'awaiting_payment';
  if (isWaiting) ctx.toast(ctx.words.plain('payment-not-yet'));
  await showPayment(ctx, topup, isWaiting ? ctx.words.html('payment-not-yet') : '');
}

async function giveUp(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const canceled = await deps.gateway.cancelTopup(id, ctx.person.id);
  if (canceled.outcome === 'not_found') return gone(deps, ctx);
  if (canceled.outcome === 'temporarily_unavailable') {
    ctx.toast(ctx.words.plain('unavailable'));
    return;
  }
  await showPayment(ctx, canceled.topup);
}
