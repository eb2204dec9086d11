import { randomUUID } from 'node:crypto';
import { Composer } from 'telegraf';
import { fromDecimal, type Money, money } from '../../core/money.ts';
import type { Catalogue, Pack } from '../../core/pricing/catalogue.ts';
import { quoteTopup, type TopupQuote } from '../../core/pricing/quote.ts';
import type { TopupDraft } from '../../db/bot-drafts.ts';
import type { Topup } from '../../db/topups.ts';
import { quotedTopup } from '../../gateway/quoted-order.ts';
import { hashRequest } from '../../platform/request-hash.ts';
import { type BotContext, onCommand, onTap } from '../context.ts';
import { balanceText } from '../credits.ts';
import type { BotDeps } from '../deps.ts';
import { button, rows } from '../keyboards.ts';
import { mayPlace } from '../placing.ts';
import { partCome } from '../topup-words.ts';
import type { Words } from '../words.ts';
import { paymentScreen } from './payment-screen.ts';

/** Buying packs: which one, how to pay, and what became of it. */
export function createRechargeFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommand(composer, ['recharge', 'topup'], async (ctx, argument) => {
    const wanted = readWanted(argument);
    const ways = wanted === undefined ? [] : nearestWays(deps, wanted);
    if (ways.length > 0) await showWays(deps, ctx, ways);
    else await showPacks(deps, ctx, argument === '' ? '' : ctx.words.html('recharge-no-pack'));
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
  const buttons = deps.catalogue.packs.map((pack) => button(packLabel(pack, words), 'pack', pack.id));
  const html = words.html('recharge', { balance: await balanceText(deps.ledger, person.id, words) });
  await ctx.chatroom.show({
    html: lead === '' ? html : `${lead}\n\n${html}`,
    keyboard: [...rows(buttons, 1), [button(words.plain('button-back'), 'menu')]],
  });
}

function packLabel({ grants, price }: Pack, words: Words): string {
  return `${words.money(grants)} · ${words.money(price)}`;
}

/** An amount as it is typed after `/recharge`: of credits, or of TON where that stands behind it. */
function readWanted(argument: string): Money | undefined {
  const [, digits = '', isTon] = /^(\d{1,9}(?:[.,]\d{1,9})?)(?:\s*(ton|тон))?(?:\s|$)/i.exec(argument) ?? [];
  return fromDecimal(digits.replace(',', '.'), isTon === undefined ? 'CREDIT' : 'TON');
}

interface Way {
  readonly pack: Pack;
  readonly quote: TopupQuote;
}

/** At each provider the nearest pack at or above an amount. */
function nearestWays({ catalogue }: BotDeps, wanted: Money): Way[] {
  const fitting = catalogue.packs
    .filter(({ grants }) => grants.asset === wanted.asset && grants.minor >= wanted.minor)
    .sort((left, right) => Number(left.grants.minor - right.grants.minor));
  const providers = [...new Set(fitting.flatMap((pack) => pack.providers))];
  return providers.flatMap((provider) => {
    const pack = fitting.find((one) => one.providers.includes(provider));
    return pack === undefined ? [] : waysOf(catalogue, { ...pack, providers: [provider] });
  });
}

function waysOf(catalogue: Catalogue, pack: Pack): Way[] {
  return pack.providers.flatMap((provider) => {
    const quoted = quoteTopup(catalogue, pack.id, provider);
    return quoted.ok ? [{ pack, quote: quoted.quote }] : [];
  });
}

/** A pack with every way to pay for it. */
function showPack(deps: BotDeps, ctx: BotContext, pack: Pack): Promise<void> {
  return showWays(deps, ctx, waysOf(deps.catalogue, pack));
}

/** Ways to pay. Each is a proposal of its own, and the one press that orders it. */
async function showWays(deps: BotDeps, ctx: BotContext, ways: readonly Way[]): Promise<void> {
  const { words, person } = ctx;
  const amounts = [...new Set(ways.map(({ pack }) => words.money(pack.grants)))];
  const buttons = [];
  for (const { pack, quote } of ways) {
    const id = randomUUID();
    const body = { packId: pack.id, provider: quote.provider, shownMinor: quote.price.amountMinor };
    await deps.drafts.addTopup({ id, userId: person.id, body });
    const label = words.plain('button-buy', {
      provider: words.provider(quote.provider),
      price: words.money(priceOf(quote)),
    });
    // Providers that sell different packs say which one each of them means.
    buttons.push([button(amounts.length === 1 ? label : `${words.money(pack.grants)} · ${label}`, 'buy', id)]);
  }
  await ctx.chatroom.show({
    html: words.html('pack', { title: amounts.join(' / ') }),
    keyboard: [...buttons, [button(words.plain('button-back'), 'top')]],
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
  const part = partCome(topup, ctx.words);
  if (isWaiting) ctx.toast(part === null ? ctx.words.plain('payment-not-yet') : ctx.words.plain('payment-part', part));
  // The screen itself says how much has come, where a part has.
  await showPayment(ctx, topup, isWaiting && part === null ? ctx.words.html('payment-not-yet') : '');
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
