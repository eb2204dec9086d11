import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { GenerationWish } from '../../api/client.ts';
import type { ApiError } from '../../api/result.ts';
import type { Image, Model, Money } from '../../api/types.ts';
import { query } from '../../router.ts';
import { tabStore } from '../../storage.ts';

export interface Photo {
  readonly id: string;
  readonly preview: string;
  readonly state: 'uploading' | 'ready' | 'failed';
  readonly image: Image | undefined;
  /** Why it has not arrived. */
  readonly error: ApiError | undefined;
}

export interface Draft {
  readonly modelId: string;
  readonly prompt: string;
  readonly photos: readonly Photo[];
  readonly options: Readonly<Record<string, string | number>>;
}

interface Kept extends Pick<Draft, 'modelId' | 'prompt' | 'options'> {
  /** Those that have arrived. */
  readonly photos?: readonly { readonly preview: string; readonly image: Image }[];
}

const empty: Draft = { modelId: '', prompt: '', photos: [], options: {} };

/** What is being composed. It outlives a look at another screen and a reload, with the photos that have arrived. */
export const draft = signal<Draft>(restore(tabStore.get<Kept>('draft')));

effect(() => {
  const { modelId, prompt, options, photos } = draft.value;
  const arrived = photos.flatMap(({ image, preview }) => (image === undefined ? [] : [{ preview, image }]));
  tabStore.set('draft', { modelId, prompt, options, photos: arrived } satisfies Kept);
});

/** The server forgets photos after a day: one that it has lost would only be refused. */
function restore(kept: Kept | undefined): Draft {
  const photos = (kept?.photos ?? [])
    .filter(({ image }) => Date.parse(image.expiresAt) > Date.now())
    .map(({ preview, image }): Photo => ({ id: image.id, preview, state: 'ready', image, error: undefined }));
  return { ...empty, ...kept, photos };
}

/** The draft's model: the one that the address asks for, then the one chosen, then the first. */
export function useDraft(models: readonly Model[]): Model | undefined {
  const asked = query.value.get('model');
  useEffect(() => {
    if (models.some(({ id }) => id === asked)) chooseModel(models, asked ?? '');
  }, [asked]);
  return models.find(({ id }) => id === draft.value.modelId) ?? models.find(({ id }) => id === asked) ?? models[0];
}

/** Another model keeps the words, and of photos and options what it knows. */
export function chooseModel(models: readonly Model[], modelId: string): void {
  const model = models.find(({ id }) => id === modelId);
  if (model === undefined) return;
  const { photos, options } = draft.value;
  const kept = Object.entries(options).filter(([name, value]) => offers(model, name, value));
  draft.value = {
    ...draft.value,
    modelId,
    photos: photos.slice(0, model.imagesMax),
    options: Object.fromEntries(kept),
  };
}

function offers(model: Model, name: string, value: string | number): boolean {
  const { ratio, resolution, format } = model.options;
  if (name === 'pictures') return typeof value === 'number' && value <= model.picturesMax;
  if (name === 'ratio') return ratio?.values.includes(String(value)) ?? false;
  if (name === 'format') return format?.values.includes(String(value)) ?? false;
  return resolution?.values.some((one) => one.value === value) ?? false;
}

/** Sets one option, leaving out what is the model's own choice anyway. */
export function setOption(name: string, value: string | number): void {
  draft.value = { ...draft.value, options: { ...draft.value.options, [name]: value } };
}

/** What the server will quote: the picture's price with its size, times the pictures. */
export function priceOf(model: Model, options: Draft['options']): Money {
  const { resolution } = model.options;
  const size = options['resolution'] ?? resolution?.default;
  const unit = resolution?.values.find(({ value }) => value === size)?.price ?? model.price;
  const pictures = BigInt(options['pictures'] ?? 1);
  return { ...unit, amountMinor: String(BigInt(unit.amountMinor) * pictures) };
}

/** Begins anew from an earlier order. */
export function draftFrom(wish: Pick<GenerationWish, 'modelId' | 'prompt'> & Partial<GenerationWish>): void {
  draft.value = { ...empty, modelId: wish.modelId, prompt: wish.prompt, options: wish.options ?? {} };
}
