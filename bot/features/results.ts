import { Composer } from 'telegraf';
import { findModel, type Model } from '../../core/pricing/catalogue.ts';
import type { Generation } from '../../db/generations.ts';
import { type BotContext, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { beginDraft } from '../drafting.ts';
import { escapeHtml, splitText } from '../html.ts';
import { button } from '../keyboards.ts';
import { createPhotos } from '../photos.ts';
import { modelsScreen, nextScreen } from './generate-screens.ts';

/** What can be done with an order in the chat: again, the original, as an input, all its words, taking it back. */
export function createResultsFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const photos = createPhotos(deps);
  const withOrder = async (ctx: BotContext, id: string, act: (order: Generation) => Promise<void>): Promise<void> => {
    const order = await deps.generations.find(id, ctx.person.id);
    if (order === null) ctx.toast(ctx.words.plain('expired'));
    else await act(order);
  };

  onTap(composer, 'again', (ctx, id) => withOrder(ctx, id, (order) => again(deps, ctx, order)));
  onTap(composer, 'file', (ctx, id) => withOrder(ctx, id, (order) => sendOriginals(deps, ctx, order)));
  onTap(composer, 'stop', (ctx, id) => takeBack(deps, ctx, id));
  onTap(composer, 'words', (ctx, id) =>
    withOrder(ctx, id, async (order) => {
      for (const part of splitText(await deps.generations.prompt(order.id))) await ctx.chatroom.say(escapeHtml(part));
    }),
  );
  onTap(composer, 'input', (ctx, id) =>
    withOrder(ctx, id, async (order) => {
      const [first] = await deps.generations.results(order.id);
      const bytes = first === undefined ? undefined : await deps.blobs.read(first.blobKey);
      if (bytes === undefined) return ctx.toast(ctx.words.plain('result-gone'));
      const kept = await photos.keepBytes(ctx.person.id, bytes);
      if (!kept.ok) return ctx.toast(ctx.words.plain(`photo-${kept.code}`));
      const draft = await beginDraft(deps, ctx.person.id, { imageIds: [kept.imageId] });
      await ctx.chatroom.show(modelsScreen(deps, ctx, draft));
    }),
  );
  return composer;
}

/** The same once more, as a question of its own: with the photos that are still kept. */
async function again(deps: BotDeps, ctx: BotContext, order: Generation): Promise<void> {
  const model = findModel(deps.catalogue, order.modelId);
  const prompt = await deps.generations.prompt(order.id);
  const owned = order.imageIds.length === 0 ? [] : await deps.images.findOwned(ctx.person.id, order.imageIds);
  const draft = await beginDraft(deps, ctx.person.id, {
    modelId: model === undefined ? null : order.modelId,
    prompt,
    imageIds: owned.map(({ id }) => id),
    ratio: model === undefined ? null : ratioOf(model, order),
  });
  await ctx.chatroom.show(await nextScreen(deps, ctx, draft));
}

/** Our own word for the shape that the order had in the provider's spelling. */
function ratioOf({ ratio }: Model, { providerOptions }: Generation): string | null {
  if (ratio === undefined) return null;
  const found = Object.entries(ratio.values).find(([, value]) => value === providerOptions[ratio.field]);
  return found?.[0] ?? null;
}

/** The pictures as the provider made them: a photo in a chat is compressed. */
async function sendOriginals(deps: BotDeps, ctx: BotContext, order: Generation): Promise<void> {
  const results = await deps.generations.results(order.id);
  let sent = 0;
  for (const { blobKey, mime, position } of results) {
    const bytes = await deps.blobs.read(blobKey);
    if (bytes === undefined) continue;
    const fileName = `holdfast-${order.id.slice(0, 8)}-${position + 1}.${mime.split('/')[1] ?? 'bin'}`;
    if (await ctx.chatroom.sendFile({ fileName, mime, bytes }, '')) sent += 1;
  }
  if (sent === 0) ctx.toast(ctx.words.plain('result-gone'));
}

/** Takes an order back while it waits; its own message shows how that ended, and so does a screen that shows it. */
async function takeBack(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const answer = await deps.gateway.cancelGeneration(id, ctx.person.id);
  ctx.toast(ctx.words.plain(`take-back-${answer.outcome.replaceAll('_', '-')}`));
  const { incoming, chatroom } = ctx;
  if (!('generation' in answer) || incoming.kind !== 'tap' || incoming.messageId !== chatroom.living?.messageId) return;
  const { html, keyboard } = await deps.notices.renderStatus(answer.generation, ctx.person.language);
  await chatroom.show({ html, keyboard: [...keyboard, [button(ctx.words.plain('button-back'), 'hist')]] });
}
