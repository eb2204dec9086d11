import { Composer } from 'telegraf';
import { isStarPurchaseFinal } from '../../core/flows/star-purchase.ts';
import { money } from '../../core/money.ts';
import type { Generation } from '../../db/generations.ts';
import type { OrderLine } from '../../db/order-history.ts';
import type { StarPurchase } from '../../db/star-purchases.ts';
import { type BotContext, onCommandOrTap, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { shorten } from '../html.ts';
import { button, type Keyboard } from '../keyboards.ts';
import { resultKeyboard } from '../notices.ts';
import { starItemText, starOrderKey } from '../star-notices.ts';
import type { Words } from '../words.ts';

const pageSize = 5;
const labelUnitsMax = 36;
const captionUnitsMax = 500;
const photoBytesMax = 10 * 1024 * 1024;

/** What was ordered, newest first: pictures and Stars; each opens as it stands now. */
export function createHistoryFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'history', tap: 'hist' }, (ctx) => showPage(deps, ctx, undefined));
  onTap(composer, 'older', (ctx, id) => showPage(deps, ctx, id));
  onTap(composer, 'open', async (ctx, id) => {
    const generation = await deps.generations.find(id, ctx.person.id);
    if (generation !== null) return open(deps, ctx, generation);
    const purchase = await deps.starPurchases.find(id, ctx.person.id);
    if (purchase !== null) return openStars(deps, ctx, purchase);
    ctx.toast(ctx.words.plain('expired'));
    await showPage(deps, ctx, undefined);
  });
  return composer;
}

async function showPage(deps: BotDeps, ctx: BotContext, beforeId: string | undefined): Promise<void> {
  const { words, person } = ctx;
  const from = beforeId === undefined ? {} : { beforeId };
  const found = await deps.orderHistory.list({ userId: person.id, limit: pageSize + 1, ...from });
  const shown = found.slice(0, pageSize);
  const last = shown.at(-1);
  if (last === undefined) {
    const keyboard = [[button(words.plain('button-generate'), 'gen')], [button(words.plain('button-back'), 'menu')]];
    await ctx.chatroom.show({ html: words.html('history-none'), keyboard });
    return;
  }
  const lines = shown.map((order) => button(labelOf(order, words), 'open', order.id));
  const newest = beforeId === undefined ? [] : [button(words.plain('button-newest'), 'hist')];
  const older = found.length > pageSize ? [button(words.plain('button-older'), 'older', last.id)] : [];
  const paging = [...newest, ...older];
  await ctx.chatroom.show({
    html: datesOf(shown, words),
    keyboard: [
      ...lines.map((line) => [line]),
      ...(paging.length === 0 ? [] : [paging]),
      [button(words.plain('button-back'), 'menu')],
    ],
  });
}

/** From when to when the page reaches. */
function datesOf(shown: readonly OrderLine[], words: Words): string {
  const [to, from] = [shown[0], shown.at(-1)].map((order) => words.day(order?.createdAt ?? ''));
  if (from === to) return words.html('history-day', { day: to ?? '' });
  return words.html('history', { from: from ?? '', to: to ?? '' });
}

function labelOf(order: OrderLine, words: Words): string {
  const { kind, status } = order;
  const word = status.replaceAll('_', '-');
  if (kind === 'generation') {
    const prompt = shorten(order.promptExcerpt, labelUnitsMax);
    return status === 'succeeded' ? prompt : `${prompt} · ${words.plain(`order-${word}`)}`;
  }
  const what = starItemText({ kind: order.item, quantity: order.quantity }, words);
  const label = words.plain('history-stars', { what, username: order.recipient });
  return status === 'delivered' ? label : `${label} · ${words.plain(starOrderKey(word))}`;
}

/** A purchase of Stars as it stands. Another message may be following it: this one is looked at anew by a press. */
async function openStars({ notices }: BotDeps, ctx: BotContext, purchase: StarPurchase): Promise<void> {
  const { words, person } = ctx;
  const { html, keyboard } = await notices.renderStarStatus(purchase, person.language);
  const refresh = isStarPurchaseFinal(purchase.status)
    ? []
    : [[button(words.plain('button-refresh'), 'open', purchase.id)]];
  await ctx.chatroom.show({
    html: `${html}\n\n${words.html('history-ordered', { at: words.time(purchase.createdAt) })}`,
    keyboard: [...keyboard, ...refresh, [button(words.plain('button-back'), 'hist')]],
  });
}

/** An order with its picture, or with what became of it. */
async function open(deps: BotDeps, ctx: BotContext, generation: Generation): Promise<void> {
  const { words } = ctx;
  const back: Keyboard = [
    [button(words.plain('button-prompt'), 'words', generation.id), button(words.plain('button-back'), 'hist')],
  ];
  const [first] = await deps.generations.results(generation.id);
  const bytes = first === undefined ? undefined : await deps.blobs.read(first.blobKey);
  if (first === undefined || bytes === undefined) {
    const { html, keyboard } = await deps.notices.renderStatus(generation, ctx.person.language);
    const gone = generation.status === 'succeeded' ? `\n\n${words.html('result-gone')}` : '';
    await ctx.chatroom.show({ html: html + gone, keyboard: [...keyboard, ...back] });
    return;
  }
  const charged = first.late ? 0n : (generation.capturedMinor ?? 0n);
  const html = words.html('result', {
    prompt: shorten(generation.promptExcerpt, captionUnitsMax),
    model: deps.catalogue.models.find(({ id }) => id === generation.modelId)?.title ?? generation.modelId,
    charged: words.money(money(charged, generation.priceAsset)),
    at: words.time(generation.createdAt),
  });
  const keyboard = [...resultKeyboard(generation.id, words), ...back];
  // Telegram takes no larger photo; the original goes out as a file.
  const isPhoto = bytes.byteLength <= photoBytesMax;
  const picture = { bytes, mime: first.mime, fileName: `result.${first.mime.split('/')[1] ?? 'bin'}` };
  await ctx.chatroom.show({ html, keyboard, ...(isPhoto ? { picture } : {}) });
}
