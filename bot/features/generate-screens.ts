import { money } from '../../core/money.ts';
import type { Model } from '../../core/pricing/catalogue.ts';
import { codePointCount } from '../../core/text.ts';
import type { BotContext } from '../context.ts';
import { readCredits } from '../credits.ts';
import type { BotDeps } from '../deps.ts';
import { type Draft, imagesMaxOf, modelOf, quoteDraft } from '../drafting.ts';
import { shorten } from '../html.ts';
import { button, type Keyboard, rows } from '../keyboards.ts';
import type { Screen } from '../screen.ts';

const promptUnitsMax = 700;
const ratiosPerRow = 4;

/** The next thing that the draft needs: a model, a prompt, or the word to draw. */
export async function nextScreen(deps: BotDeps, ctx: BotContext, draft: Draft): Promise<Screen> {
  const model = modelOf(deps, draft);
  if (model === undefined) return modelsScreen(deps, ctx, draft);
  return draft.body.prompt === null ? promptScreen(ctx, draft, model) : confirmScreen(deps, ctx, draft);
}

/** Which model: those that can take what the draft has already. */
export function modelsScreen(deps: BotDeps, ctx: BotContext, draft: Draft): Screen {
  const { words } = ctx;
  const { imageIds, prompt } = draft.body;
  const fitting = deps.catalogue.models.filter((model) => imagesMaxOf(model) >= imageIds.length);
  const buttons = fitting.map((model) => {
    const price = words.money(model.price);
    return button(words.plain('button-model', { title: model.title, price }), 'model', model.id, draft.id);
  });
  const lead = prompt === null ? [] : [words.html('prompt-kept', { prompt: shorten(prompt, promptUnitsMax) }), ''];
  const photos = imageIds.length === 0 ? [] : [words.html('photos-kept', { count: imageIds.length }), ''];
  return {
    html: [...lead, ...photos, words.html('models')].join('\n'),
    keyboard: [...rows(buttons, 1), [button(words.plain('button-back'), 'menu')]],
    scene: { name: 'generate', draftId: draft.id },
  };
}

/** What to draw: waits for the prompt, and for photos where the model takes any. */
export function promptScreen(ctx: BotContext, draft: Draft, model: Model): Screen {
  const { words } = ctx;
  const { imageIds, ratio } = draft.body;
  const photosMax = imagesMaxOf(model);
  const lines = [
    words.html('prompt', { model: model.title, price: words.money(model.price) }),
    ...(photosMax === 0
      ? []
      : [words.html(model.imagesMin > 0 ? 'prompt-photos-needed' : 'prompt-photos', { max: photosMax })]),
    ...(imageIds.length === 0 ? [] : [words.html('photos-of', { count: imageIds.length, max: photosMax })]),
  ];
  const shape =
    model.ratio === undefined
      ? []
      : [[button(words.plain('button-ratio', { ratio: ratio ?? model.ratio.default }), 'ratios', draft.id)]];
  return {
    html: lines.join('\n\n'),
    keyboard: [...shape, ...photoRow(ctx, draft), [button(words.plain('button-back'), 'edit', draft.id)]],
    scene: { name: 'generate', draftId: draft.id },
  };
}

function photoRow({ words }: BotContext, { id, body }: Draft): Keyboard {
  return body.imageIds.length === 0 ? [] : [[button(words.plain('button-no-photos'), 'nopic', id)]];
}

/** The shapes that a model draws in. */
export function ratiosScreen({ words }: BotContext, draft: Draft, model: Model): Screen {
  const chosen = draft.body.ratio ?? model.ratio?.default;
  const buttons = Object.keys(model.ratio?.values ?? {}).map((ratio) =>
    button(ratio === chosen ? `· ${ratio} ·` : ratio, 'ratio', ratio, draft.id),
  );
  return {
    html: words.html('ratios'),
    keyboard: [...rows(buttons, ratiosPerRow), [button(words.plain('button-back'), 'ask', draft.id)]],
    scene: { name: 'generate', draftId: draft.id },
  };
}

/** The one question before money is set aside: what, for how much, and what is left. */
async function confirmScreen(deps: BotDeps, ctx: BotContext, draft: Draft): Promise<Screen> {
  const { words, person } = ctx;
  const model = modelOf(deps, draft);
  if (model === undefined) return modelsScreen(deps, ctx, draft);
  const quoted = quoteDraft(deps, draft);
  if (!quoted.ok) return refusedScreen(ctx, { draft, model, code: quoted.code });
  const { price } = quoted;
  const { available } = await readCredits(deps.ledger, person.id);
  const { prompt, imageIds, ratio } = draft.body;
  const facts = [
    words.html('confirm-model', { model: model.title }),
    ...(model.ratio === undefined ? [] : [words.html('confirm-ratio', { ratio: ratio ?? model.ratio.default })]),
    ...(imageIds.length === 0 ? [] : [words.html('confirm-photos', { count: imageIds.length })]),
  ];
  const change = [
    button(words.plain('button-edit-prompt'), 'ask', draft.id),
    button(words.plain('button-models'), 'edit', draft.id),
  ];
  const scene = { name: 'generate', draftId: draft.id } as const;
  const shown = `${words.html('confirm', { prompt: shorten(prompt ?? '', promptUnitsMax) })}\n\n${facts.join('\n')}`;
  if (available.minor < price.minor) {
    const missing = words.money(money(price.minor - available.minor, price.asset));
    const html = words.html('confirm-short', { price: words.money(price), balance: words.money(available), missing });
    const packs = deps.catalogue.packs
      .filter(({ grants }) => grants.minor >= price.minor - available.minor)
      .slice(0, 2)
      .map(({ id, ...pack }) => [button(`${words.money(pack.grants)} · ${words.money(pack.price)}`, 'pack', id)]);
    const keyboard = [...packs, [button(words.plain('button-recharge'), 'top')], change, backRow(ctx)];
    return { html: `${shown}\n\n${html}`, keyboard, scene };
  }
  const after = words.money(money(available.minor - price.minor, price.asset));
  const html = words.html('confirm-price', { price: words.money(price), after });
  const draw = [button(words.plain('button-draw', { price: words.money(price) }), 'draw', draft.id)];
  return { html: `${shown}\n\n${html}`, keyboard: [draw, change, backRow(ctx)], scene };
}

function backRow({ words }: BotContext) {
  return [button(words.plain('button-back'), 'menu')];
}

interface Refusal {
  readonly draft: Draft;
  readonly model: Model;
  readonly code: string;
}

/** Why the draft cannot be ordered as it is, and what to change. What was typed is kept. */
function refusedScreen(ctx: BotContext, { draft, model, code }: Refusal): Screen {
  const { words } = ctx;
  const variables = {
    model: model.title,
    count: codePointCount(draft.body.prompt ?? ''),
    max: code === 'too_many_images' ? imagesMaxOf(model) : model.promptCodePointsMax,
  };
  const { prompt } = draft.body;
  const kept = prompt === null ? '' : `${words.html('prompt-kept', { prompt: shorten(prompt, promptUnitsMax) })}\n\n`;
  return {
    html: kept + words.html(refusalKey(code), variables),
    keyboard: [
      ...photoRow(ctx, draft),
      [button(words.plain('button-edit-prompt'), 'ask', draft.id)],
      [button(words.plain('button-models'), 'edit', draft.id)],
      backRow(ctx),
    ],
    scene: { name: 'generate', draftId: draft.id },
  };
}

function refusalKey(code: string): string {
  if (code === 'prompt_too_long') return 'refused-prompt-too-long';
  if (code === 'too_many_images') return 'refused-too-many-images';
  if (code === 'images_required') return 'refused-images-required';
  return 'refused-option';
}
