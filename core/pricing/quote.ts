import { limits } from '../limits.ts';
import { money, toJson, type Money, type MoneyJson } from '../money.ts';
import { codePointCount } from '../text.ts';
import { findModel, findPack, priceAt, type Catalogue, type Choice, type Model } from './catalogue.ts';

export type QuoteRefusal =
  | 'unknown_pack'
  | 'provider_not_available'
  | 'unknown_model'
  | 'option_not_allowed'
  | 'prompt_too_long'
  | 'too_many_images'
  | 'images_required';

/** A quote, or why there is none. `detail` is a sentence in English that names what was wrong with it. */
export type Quoted<T> =
  | { readonly ok: true; readonly quote: T }
  | { readonly ok: false; readonly code: QuoteRefusal; readonly detail: string };

/** A frozen price of a pack. JSON as it stands: it is stored with the order and handed to the workflow. */
export interface TopupQuote {
  readonly catalogueVersion: string;
  readonly packId: string;
  readonly title: string;
  readonly provider: string;
  readonly price: MoneyJson;
  readonly grants: MoneyJson;
}

type OptionValue = string | number | boolean;

/** A frozen price of a generation, with the provider's own names, so that a later catalogue changes nothing in it. */
export interface GenerationQuote {
  readonly catalogueVersion: string;
  readonly modelId: string;
  readonly provider: string;
  readonly providerModel: string;
  readonly providerOptions: Readonly<Record<string, OptionValue>>;
  readonly imageField?: string;
  readonly pictures: number;
  readonly unitPrice: MoneyJson;
  /** `unitPrice` times `pictures`: what is held. What is delivered is captured at `unitPrice` each. */
  readonly price: MoneyJson;
}

/** What a person asks for. `options` is as the client sent it: anything may stand in it. */
export interface GenerationWish {
  readonly prompt: string;
  readonly imageCount: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface OptionReading {
  readonly fields: Record<string, OptionValue>;
  readonly unitPrice: Money;
  readonly pictures: number;
}

const optionNames = new Set(['ratio', 'resolution', 'format', 'pictures']);

function refuse(code: QuoteRefusal, detail: string): { ok: false; code: QuoteRefusal; detail: string } {
  return { ok: false, code, detail };
}

/** The frozen price of a pack at a payment provider. Refusals: `unknown_pack`, `provider_not_available`. */
export function quoteTopup(catalogue: Catalogue, packId: string, provider: string): Quoted<TopupQuote> {
  const pack = findPack(catalogue, packId);
  if (pack === undefined) return refuse('unknown_pack', 'There is no such pack.');
  if (!pack.providers.includes(provider)) {
    return refuse('provider_not_available', `This pack is sold through: ${pack.providers.join(', ')}.`);
  }
  const quote: TopupQuote = {
    catalogueVersion: catalogue.version,
    packId: pack.id,
    title: pack.title,
    provider,
    price: Object.freeze(toJson(priceAt(pack, provider))),
    grants: Object.freeze(toJson(pack.grants)),
  };
  return { ok: true, quote: Object.freeze(quote) };
}

/**
 * The frozen price of a generation and the request in the provider's spelling. Options are `ratio`, `resolution`,
 * `format` and `pictures`; whatever the model does not offer is `option_not_allowed`, never dropped in silence. Limits
 * of the house (`core/limits.ts`) bind where the model would allow more.
 */
export function quoteGeneration(catalogue: Catalogue, modelId: string, wish: GenerationWish): Quoted<GenerationQuote> {
  const model = findModel(catalogue, modelId);
  if (model === undefined) return refuse('unknown_model', 'There is no such model.');
  const wrong = checkPrompt(model, wish.prompt) ?? checkImages(model, wish.imageCount);
  if (wrong !== undefined) return wrong;
  const reading = readOptions(model, wish.options ?? {});
  if ('code' in reading) return reading;
  const total = money(reading.unitPrice.minor * BigInt(reading.pictures), reading.unitPrice.asset);
  const quote: GenerationQuote = {
    catalogueVersion: catalogue.version,
    modelId: model.id,
    provider: model.provider,
    providerModel: model.providerModel,
    providerOptions: Object.freeze({ ...model.fixedOptions, ...reading.fields }),
    ...(model.imageField === undefined ? {} : { imageField: model.imageField }),
    pictures: reading.pictures,
    unitPrice: Object.freeze(toJson(reading.unitPrice)),
    price: Object.freeze(toJson(total)),
  };
  return { ok: true, quote: Object.freeze(quote) };
}

function checkPrompt(model: Model, prompt: string) {
  const length = codePointCount(prompt);
  if (length <= model.promptCodePointsMax) return undefined;
  return refuse(
    'prompt_too_long',
    `The prompt has ${length} characters; ${model.title} takes ${model.promptCodePointsMax}.`,
  );
}

function checkImages(model: Model, imageCount: number) {
  const imagesMax = Math.min(model.imagesMax, limits.imagesPerGenerationMax);
  if (imageCount > imagesMax) return refuse('too_many_images', `${model.title} takes at most ${imagesMax} pictures.`);
  if (imageCount < model.imagesMin) return refuse('images_required', `${model.title} needs a picture to work on.`);
  return undefined;
}

function readOptions(model: Model, options: Readonly<Record<string, unknown>>) {
  const stray = Object.keys(options).find((name) => !optionNames.has(name));
  if (stray !== undefined) return refuse('option_not_allowed', 'Options are ratio, resolution, format and pictures.');
  const pictures = readPictures(model, options['pictures']);
  if (pictures === undefined)
    return refuse('option_not_allowed', 'The number of pictures is not offered by this model.');
  const fields: Record<string, OptionValue> = {};
  for (const name of ['ratio', 'format'] as const) {
    const chosen = choose(model[name], options[name]);
    if (chosen === undefined) return notOffered(name, Object.keys(model[name]?.values ?? {}));
    if (chosen !== 'none') fields[chosen.field] = chosen.value;
  }
  const priced = model.resolution;
  const resolution = choose(priced, options['resolution']);
  if (resolution === undefined) return notOffered('resolution', Object.keys(priced?.values ?? {}));
  if (resolution !== 'none') fields[resolution.field] = resolution.value.value;
  if (model.countField !== undefined) fields[model.countField] = pictures;
  const reading: OptionReading = {
    fields,
    unitPrice: resolution === 'none' ? model.price : resolution.value.price,
    pictures,
  };
  return reading;
}

function notOffered(name: string, offered: readonly string[]) {
  const rest = offered.length === 0 ? 'This model has no such option.' : `It may be: ${offered.join(', ')}.`;
  return refuse('option_not_allowed', `The ${name} is not offered by this model. ${rest}`);
}

/** The asked or default value of a choice; `none` where the model has no such choice and none was asked. */
function choose<V>(
  choice: (Omit<Choice, 'values'> & { readonly values: Readonly<Record<string, V>> }) | undefined,
  asked: unknown,
): { field: string; value: V } | 'none' | undefined {
  if (choice === undefined) return asked === undefined ? 'none' : undefined;
  const name = asked === undefined ? choice.default : asked;
  if (typeof name !== 'string' || !Object.hasOwn(choice.values, name)) return undefined;
  const value = choice.values[name];
  return value === undefined ? undefined : { field: choice.field, value };
}

function readPictures(model: Model, asked: unknown): number | undefined {
  if (asked === undefined) return 1;
  const picturesMax = model.countField === undefined ? 1 : Math.min(model.picturesMax, limits.picturesPerGenerationMax);
  if (typeof asked !== 'number' || !Number.isInteger(asked)) return undefined;
  return asked >= 1 && asked <= picturesMax ? asked : undefined;
}
