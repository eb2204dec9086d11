import { Composer } from 'telegraf';
import { money } from '../../core/money.ts';
import type { Generation } from '../../db/generations.ts';
import { type BotContext, onCommandOrTap, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { shorten } from '../html.ts';
import { button, type Keyboard } from '../keyboards.ts';
import { resultKeyboard } from '../notices.ts';
import type { Words } from '../words.ts';

const pageSize = 5;
const labelUnitsMax = 36;
const captionUnitsMax = 500;
const photoBytesMax = 10 * 1024 * 1024;

/** What was drawn, newest first; each opens with its picture. */
export function createHistoryFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  onCommandOrTap(composer, { command: 'history', tap: 'hist' }, (ctx) => showPage(deps, ctx, undefined));
  onTap(composer, 'older', async (ctx, id) => {
    const before = await deps.generations.find(id, ctx.person.id);
    await showPage(deps, ctx, before ?? undefined);
  });
  onTap(composer, 'open', async (ctx, id) => {
    const generation = await deps.generations.find(id, ctx.person.id);
    if (generation !== null) return open(deps, ctx, generation);
    ctx.toast(ctx.words.plain('expired'));
    await showPage(deps, ctx, undefined);
  });
  return composer;
}

async function showPage(deps: BotDeps, ctx: BotContext, before: Generation | undefined): Promise<void> {
  const { words, person } = ctx;
  const from = before === undefined ? {} : { before };
  const found = await deps.generations.list({ userId: person.id, limit: pageSize + 1, ...from });
  const shown = found.slice(0, pageSize);
  const last = shown.at(-1);
  if (last === undefined) {
    const keyboard = [[button(words.plain('button-generate'), 'gen')], [button(words.plain('button-back'), 'menu')]];
    await ctx.chatroom.show({ html: words.html('history-none'), keyboard });
    return;
  }
  const lines = shown.map((generation) => button(labelOf(generation, words), 'open', generation.id));
  const newest = before === undefined ? [] : [button(words.plain('button-newest'), 'hist')];
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
function datesOf(shown: readonly Generation[], words: Words): string {
  const [to, from] = [shown[0], shown.at(-1)].map((generation) => words.day(generation?.createdAt ?? ''));
  if (from === to) return words.html('history-day', { day: to ?? '' });
  return words.html('history', { from: from ?? '', to: to ?? '' });
}

function labelOf({ promptExcerpt, status }: Generation, words: Words): string {
  const prompt = shorten(promptExcerpt, labelUnitsMax);
  return status === 'succeeded' ? prompt : `${prompt} · ${words.plain(`order-${status.replaceAll('_', '-')}`)}`;
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
