import { isGenerationFinal } from '../../core/flows/generation.ts';
import type { GenerationQuote } from '../../core/pricing/quote.ts';
import type { Generation } from '../../db/generations.ts';
import { quotedGeneration } from '../../gateway/quoted-order.ts';
import { hashRequest } from '../../platform/request-hash.ts';
import type { BotContext } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { beginDraft, changeDraft, type Draft, findDraft, optionsOf, quoteDraft } from '../drafting.ts';
import { mayPlace } from '../placing.ts';
import { modelsScreen, nextScreen } from './generate-screens.ts';

/**
 * Orders what the confirmation has shown, under the draft's id: twenty presses are one order. A draft that is too old,
 * or whose price has changed since it was shown, is shown again instead.
 */
export async function draw(deps: BotDeps, ctx: BotContext, id: string): Promise<void> {
  const { person, words } = ctx;
  const earlier = await deps.generations.find(id, person.id);
  if (earlier !== null) return showAgain(deps, ctx, earlier);
  const draft = await findDraft(deps, person.id, id);
  if (draft === undefined) {
    ctx.toast(words.plain('expired'));
    await ctx.chatroom.show(modelsScreen(deps, ctx, await beginDraft(deps, person.id, {})));
    return;
  }
  const quoted = quoteDraft(deps, draft);
  const photos = await ownedPhotos(deps, person.id, draft.body.imageIds);
  const isAsShown = quoted.ok && draft.isFresh && draft.body.shownMinor === String(quoted.price.minor);
  if (!isAsShown || photos.length !== draft.body.imageIds.length || draft.body.prompt === null) {
    ctx.toast(words.plain('expired'));
    const renewed = await changeDraft(deps, { userId: person.id, draft }, { imageIds: photos });
    await ctx.chatroom.show(await nextScreen(deps, ctx, renewed));
    return;
  }
  if (!(await mayPlace(deps, ctx, 'operation'))) return;
  const order = orderOf(person.id, draft, { quote: quoted.quote, prompt: draft.body.prompt });
  const placed = await deps.gateway.placeGeneration(order);
  // Without Temporal the order is kept all the same, and is begun as soon as it is back.
  const generation = placed.outcome === 'placed' ? placed.order : await deps.generations.find(id, person.id);
  if (generation === null) {
    ctx.toast(words.plain('expired'));
    return;
  }
  await showOrder(deps, ctx, generation);
}

/** Those of a draft's photos that are still kept. */
async function ownedPhotos(deps: BotDeps, userId: string, imageIds: readonly string[]): Promise<string[]> {
  if (imageIds.length === 0) return [];
  return (await deps.images.findOwned(userId, imageIds)).map(({ id }) => id);
}

/** What is ordered, at its price. The hash is that of the API, so that a key is one order wherever it comes from. */
function orderOf(userId: string, draft: Draft, { quote, prompt }: { quote: GenerationQuote; prompt: string }) {
  const { imageIds } = draft.body;
  const wish = {
    modelId: quote.modelId,
    prompt,
    ...(imageIds.length === 0 ? {} : { imageIds }),
    ...optionsOf(draft.body),
  };
  return {
    id: draft.id,
    userId,
    requestHash: hashRequest('post /generations', wish),
    ...quotedGeneration(quote, prompt),
    imageIds,
  };
}

/** Turns the question into the order's status message, which is kept up to date from now on. */
async function showOrder(deps: BotDeps, ctx: BotContext, generation: Generation): Promise<void> {
  const { html, keyboard } = await deps.notices.renderStatus(generation, ctx.person.language);
  const messageId = await ctx.chatroom.show({ html, keyboard });
  if (messageId === undefined || generation.status === 'refused') return;
  await deps.statusMessages.add({ generationId: generation.id, chatId: Number(ctx.person.telegramId), messageId });
  ctx.chatroom.leaveLiving();
}

/** A press after the first: the order stands, and its message shows how. */
async function showAgain(deps: BotDeps, ctx: BotContext, generation: Generation): Promise<void> {
  ctx.toast(ctx.words.plain('already-ordered'));
  const { incoming } = ctx;
  // The question may have stayed where the process ended between ordering and showing. An order that is over has been
  // shown, or is told as news.
  const isStillAsking = incoming.kind === 'tap' && incoming.messageId === ctx.chatroom.living?.messageId;
  if (!isStillAsking) return;
  if (isGenerationFinal(generation.status)) ctx.chatroom.leaveLiving();
  else await showOrder(deps, ctx, generation);
}
