import { Composer } from 'telegraf';
import { findModel } from '../../core/pricing/catalogue.ts';
import { type BotContext, onCommand, onTap } from '../context.ts';
import type { BotDeps } from '../deps.ts';
import { beginDraft, changeDraft, type Draft, findDraft, imagesMaxOf, modelOf } from '../drafting.ts';
import type { IncomingPhoto } from '../incoming.ts';
import { createPhotos } from '../photos.ts';
import { draw } from './draw.ts';
import { modelsScreen, nextScreen, promptScreen, ratiosScreen } from './generate-screens.ts';

/** Drawing: the model, the prompt, photos, the price, and one question. */
export function createGenerateFeature(deps: BotDeps): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const photos = createPhotos(deps);
  onCommand(composer, ['generate', 'draw'], async (ctx, prompt) => {
    const known = prompt === '' ? {} : { prompt };
    await ctx.chatroom.show(modelsScreen(deps, ctx, await beginDraft(deps, ctx.person.id, known)));
  });
  onTap(composer, 'gen', async (ctx) => {
    await ctx.chatroom.show(modelsScreen(deps, ctx, await beginDraft(deps, ctx.person.id, {})));
  });
  onTap(composer, 'draw', (ctx, id) => draw(deps, ctx, id));
  addDraftButtons(composer, deps);
  composer.use(async (ctx, next) => {
    const { incoming } = ctx;
    const { scene } = ctx.chatroom;
    if (incoming.kind === 'photo') return takePhoto(deps, ctx, { photos, photo: incoming.photo });
    if (incoming.kind !== 'text' || scene.name !== 'generate') return next();
    const draft = await findDraft(deps, ctx.person.id, scene.draftId);
    if (draft === undefined) return next();
    await takePrompt(deps, ctx, { draft, prompt: incoming.text });
  });
  return composer;
}

/** Buttons that change a draft. One whose draft has changed since says so and shows where to begin. */
function addDraftButtons(composer: Composer<BotContext>, deps: BotDeps): void {
  const withDraft = async (ctx: BotContext, id: string, act: (draft: Draft) => Promise<void>): Promise<void> => {
    const draft = await findDraft(deps, ctx.person.id, id);
    if (draft !== undefined) return act(draft);
    ctx.toast(ctx.words.plain('expired'));
    await ctx.chatroom.show(modelsScreen(deps, ctx, await beginDraft(deps, ctx.person.id, {})));
  };
  const change = (ctx: BotContext, draft: Draft, to: Partial<Draft['body']>): Promise<Draft> =>
    changeDraft(deps, { userId: ctx.person.id, draft }, to);

  onTap(composer, 'edit', (ctx, id) =>
    withDraft(ctx, id, async (draft) => {
      await ctx.chatroom.show(modelsScreen(deps, ctx, draft));
    }),
  );
  onTap(composer, 'model', (ctx, modelId, id) =>
    withDraft(ctx, id, async (draft) => {
      const model = findModel(deps.catalogue, modelId);
      if (model === undefined) return void (await ctx.chatroom.show(modelsScreen(deps, ctx, draft)));
      await proceed(deps, ctx, await change(ctx, draft, { modelId, ratio: null }));
    }),
  );
  onTap(composer, 'ask', (ctx, id) =>
    withDraft(ctx, id, async (draft) => {
      const model = modelOf(deps, draft);
      await ctx.chatroom.show(model === undefined ? modelsScreen(deps, ctx, draft) : promptScreen(ctx, draft, model));
    }),
  );
  onTap(composer, 'ratios', (ctx, id) =>
    withDraft(ctx, id, async (draft) => {
      const model = modelOf(deps, draft);
      await ctx.chatroom.show(model === undefined ? modelsScreen(deps, ctx, draft) : ratiosScreen(ctx, draft, model));
    }),
  );
  onTap(composer, 'ratio', (ctx, ratio, id) =>
    withDraft(ctx, id, async (draft) => {
      const isOffered = Object.hasOwn(modelOf(deps, draft)?.ratio?.values ?? {}, ratio);
      await proceed(deps, ctx, isOffered ? await change(ctx, draft, { ratio }) : draft);
    }),
  );
  onTap(composer, 'nopic', (ctx, id) =>
    withDraft(ctx, id, async (draft) => proceed(deps, ctx, await change(ctx, draft, { imageIds: [] }))),
  );
}

/** The next thing that the draft needs: a model, a prompt, or the word to draw. */
async function proceed(deps: BotDeps, ctx: BotContext, draft: Draft): Promise<void> {
  await ctx.chatroom.show(await nextScreen(deps, ctx, draft));
}

async function takePrompt(
  deps: BotDeps,
  ctx: BotContext,
  { draft, prompt }: { draft: Draft; prompt: string },
): Promise<void> {
  const text = prompt.trim();
  if (text === '') return;
  await proceed(deps, ctx, await changeDraft(deps, { userId: ctx.person.id, draft }, { prompt: text }));
}

interface PhotoTaking {
  readonly photos: ReturnType<typeof createPhotos>;
  readonly photo: IncomingPhoto;
}

/** A photo is an input picture, whenever it comes: it begins a draft where there is none. */
async function takePhoto(deps: BotDeps, ctx: BotContext, { photos, photo }: PhotoTaking): Promise<void> {
  const { scene } = ctx.chatroom;
  const userId = ctx.person.id;
  const earlier = scene.name === 'generate' ? await findDraft(deps, userId, scene.draftId) : undefined;
  const sameAlbum = scene.name === 'generate' && photo.album !== undefined && scene.album === photo.album;
  const draft = earlier ?? (await beginDraft(deps, userId, {}));
  const model = modelOf(deps, draft);
  const photosMax = model === undefined ? photos.atOnceMax : imagesMaxOf(model);
  if (draft.body.imageIds.length >= photosMax) {
    await refusePhoto(deps, ctx, { draft, key: photosMax === 0 ? 'photo-not-taken' : 'photo-too-many', photosMax });
    return;
  }
  const kept = await photos.keep(userId, photo);
  if (!kept.ok) return refusePhoto(deps, ctx, { draft, key: `photo-${kept.code}`, photosMax });
  const caption = photo.caption.trim();
  const changed = await changeDraft(
    deps,
    { userId, draft },
    { imageIds: [...draft.body.imageIds, kept.imageId], ...(caption === '' ? {} : { prompt: caption }) },
  );
  const screen = await nextScreen(deps, ctx, changed);
  const album = photo.album === undefined ? {} : { album: photo.album };
  await ctx.chatroom.show(
    { ...screen, scene: { name: 'generate', draftId: changed.id, ...album } },
    { inPlace: sameAlbum },
  );
}

async function refusePhoto(
  deps: BotDeps,
  ctx: BotContext,
  { draft, key, photosMax }: { draft: Draft; key: string; photosMax: number },
): Promise<void> {
  const screen = await nextScreen(deps, ctx, draft);
  await ctx.chatroom.show({ ...screen, html: `${ctx.words.html(key, { max: photosMax })}\n\n${screen.html}` });
}
