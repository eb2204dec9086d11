import { z } from 'zod';
import { type Asset, assetCodes } from '../assets.ts';
import { fromDecimal, type Money } from '../money.ts';
import { priceAt, type Catalogue, type Choice, type Model, type Pack, type PricedChoice } from './catalogue.ts';

/** The providers that this installation has code for, by what they do. */
export interface KnownProviders {
  readonly payment: readonly string[];
  readonly generation: readonly string[];
  readonly stars: readonly string[];
  /** The currencies that a payment provider takes a price in, the usual one first. */
  readonly currencies: Readonly<Record<string, readonly Asset[]>>;
}

export interface CatalogueProblem {
  /** Where in the file, as keys and indexes. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type CheckedCatalogue =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly CatalogueProblem[] };

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'an id is small letters, digits, dots and dashes, at most 64');
const title = z.string().min(1).max(100);
const field = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a field is a name as the provider spells it');

/** A positive amount: `{ amount: '500.00', asset: RUB }`. The amount is text, since YAML would make a float of it. */
const price = z
  .strictObject({ amount: z.string("write the amount as text, like '500.00'"), asset: z.enum(assetCodes) })
  .transform((written, context): Money => {
    const amount = fromDecimal(written.amount, written.asset);
    if (amount !== undefined && amount.minor > 0n) return amount;
    const negative = amount !== undefined || written.amount.trim().startsWith('-');
    context.addIssue({
      code: 'custom',
      path: ['amount'],
      message: negative
        ? `a price must be above zero, not ${written.amount}`
        : `'${written.amount}' is no decimal amount of ${written.asset}`,
    });
    return z.NEVER;
  });

const spellings = z
  .union([z.array(z.string()).min(1), z.record(z.string(), z.string())], 'a list of values, or ours: theirs')
  .transform((values) => (Array.isArray(values) ? Object.fromEntries(values.map((value) => [value, value])) : values));

const choice = z
  .strictObject({ field, default: z.string(), values: spellings })
  .superRefine((written, context) => requireDefault(written, context));

const pricedChoice = z
  .strictObject({
    field,
    default: z.string(),
    values: z.record(z.string(), z.strictObject({ value: z.string(), price })),
  })
  .superRefine((written, context) => requireDefault(written, context));

function requireDefault(written: { default: string; values: object }, context: z.RefinementCtx): void {
  if (Object.hasOwn(written.values, written.default)) return;
  context.addIssue({ code: 'custom', path: ['default'], message: `'${written.default}' is not among the values` });
}

function packSchema(known: KnownProviders) {
  return z
    .strictObject({
      id,
      title,
      price,
      prices: z.record(providerName(known.payment), price).default({}),
      grants: price,
      providers: z.array(providerName(known.payment)).min(1),
    })
    .superRefine((pack, context) => requireCurrencies(pack, { context, known }));
}

/** Each provider is asked for money in its own currency, and no price stands there that nobody is asked for. */
function requireCurrencies(pack: Pack, { context, known }: { context: z.RefinementCtx; known: KnownProviders }): void {
  for (const name of pack.providers) {
    const [wanted, { asset }] = [known.currencies[name], priceAt(pack, name)];
    if (wanted === undefined || wanted.includes(asset)) continue;
    const example = `${name}: { amount: '250', asset: ${wanted[0] ?? ''} }`;
    const message = `${name} takes ${wanted.join(' or ')} and no ${asset}: give its price, like ${example}`;
    context.addIssue({ code: 'custom', path: ['prices'], message });
  }
  for (const name of Object.keys(pack.prices)) {
    if (pack.providers.includes(name)) continue;
    context.addIssue({ code: 'custom', path: ['prices', name], message: `'${name}' does not sell this pack` });
  }
}

function modelShape(known: KnownProviders) {
  return z.strictObject({
    id,
    title,
    kind: z.enum(['text-to-image', 'image-to-image']),
    provider: providerName(known.generation),
    providerModel: z.string().min(1).max(100),
    price: price.optional(),
    promptCodePointsMax: z.int().min(1).max(100_000),
    imageField: field.optional(),
    imagesMin: z.int().min(0).max(100).default(0),
    imagesMax: z.int().min(0).max(100).default(0),
    ratio: choice.optional(),
    resolution: pricedChoice.optional(),
    format: choice.optional(),
    countField: field.optional(),
    picturesMax: z.int().min(1).max(100).default(1),
    fixedOptions: z.record(field, z.union([z.string(), z.number(), z.boolean()])).default({}),
  });
}

type WrittenModel = z.output<ReturnType<typeof modelShape>>;

function requireWhole(written: WrittenModel, context: z.RefinementCtx): void {
  const say = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if ((written.price === undefined) === (written.resolution === undefined)) {
    say('price', 'give either a price, or a resolution with a price for each value');
  }
  const prices = Object.values(written.resolution?.values ?? {}).map((value) => value.price.asset);
  if (new Set(prices).size > 1) say('resolution', 'all prices of one model must be in one asset');
  if (written.imagesMin > written.imagesMax) say('imagesMin', 'imagesMin is above imagesMax');
  if (written.imagesMax > 0 && written.imageField === undefined) say('imageField', 'imagesMax needs an imageField');
  if (written.picturesMax > 1 && written.countField === undefined) say('countField', 'picturesMax needs a countField');
}

/** Fragment sells Stars from 50 to 10,000,000 at once, and Premium for 3, 6 or 12 months. */
function starsSchema(known: KnownProviders) {
  const quantity = z.int().min(50).max(10_000_000);
  return z
    .strictObject({
      provider: providerName(known.stars),
      presets: z.array(quantity).min(1).max(8),
      quantityMin: quantity.default(50),
      quantityMax: quantity.default(10_000_000),
      premiumMonths: z
        .array(z.union([z.literal(3), z.literal(6), z.literal(12)]))
        .max(3)
        .default([]),
      marginBps: z.int().min(0).max(10_000),
      networkFee: price,
      quoteLifetimeSeconds: z.int().min(60).max(3_600).default(300),
      twoOperatorsAbove: price,
    })
    .superRefine((shelf, context) => {
      for (const key of ['networkFee', 'twoOperatorsAbove'] as const) {
        const message = `${key} is in TON, as the price is`;
        if (shelf[key].asset !== 'TON') context.addIssue({ code: 'custom', path: [key], message });
      }
      if (shelf.quantityMin > shelf.quantityMax) {
        context.addIssue({ code: 'custom', path: ['quantityMin'], message: 'quantityMin is above quantityMax' });
      }
    });
}

function providerName(names: readonly string[]) {
  const list = names.join(', ');
  return z.string().refine((name) => names.includes(name), { error: (issue) => unknownProvider(issue.input, list) });
}

function unknownProvider(name: unknown, list: string): string {
  return `unknown provider '${String(name)}'; known here: ${list}`;
}

/**
 * Proves a parsed catalogue file and turns it into a `Catalogue`. Reports every problem at once, each with its place:
 * negative or missing prices, unknown assets and providers, duplicate ids, misspelt keys.
 */
export function checkCatalogue(raw: unknown, known: KnownProviders): CheckedCatalogue {
  const schema = z.strictObject({
    version: z.string("the version is text, like '2026-11-20'").min(1).max(64),
    packs: z.array(packSchema(known)),
    models: z.array(modelShape(known).superRefine(requireWhole)),
    stars: starsSchema(known).optional(),
  });
  const parsed = schema.safeParse(raw, { error: sayMissing });
  const problems = [...(parsed.success ? [] : parsed.error.issues.map(toProblem)), ...duplicateIds(raw)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  const { version, packs, models, stars } = parsed.data;
  const shelves = stars === undefined ? {} : { stars };
  return { ok: true, catalogue: { version, packs, models: models.map(toModel), ...shelves } };
}

function sayMissing(issue: { readonly code?: string; readonly input?: unknown }): string | undefined {
  return issue.input === undefined && issue.code !== 'custom' ? 'is missing' : undefined;
}

function toProblem(issue: z.core.$ZodIssue): CatalogueProblem {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  return { path, message: issue.message };
}

/** Looked for in the raw file, so that a duplicate is reported together with whatever else is wrong with the entry. */
function duplicateIds(raw: unknown): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  for (const list of ['packs', 'models']) {
    const seen = new Map<string, number>();
    for (const [index, entryId] of idsOf(raw, list).entries()) {
      if (entryId === undefined) continue;
      const first = seen.get(entryId);
      if (first === undefined) seen.set(entryId, index);
      else
        problems.push({ path: [list, index, 'id'], message: `duplicate id '${entryId}', first at ${list}[${first}]` });
    }
  }
  return problems;
}

function idsOf(raw: unknown, list: string): (string | undefined)[] {
  const entries = isRecord(raw) ? raw[list] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) =>
    isRecord(entry) && typeof entry['id'] === 'string' ? entry['id'] : undefined,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toModel(written: WrittenModel): Model {
  const { imageField, ratio, resolution, format, countField, price: single, ...rest } = written;
  return {
    ...rest,
    price: single ?? defaultPrice(resolution),
    ...(imageField === undefined ? {} : { imageField }),
    ...(ratio === undefined ? {} : { ratio: ratio satisfies Choice }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(format === undefined ? {} : { format: format satisfies Choice }),
    ...(countField === undefined ? {} : { countField }),
  };
}

function defaultPrice(resolution: PricedChoice | undefined): Money {
  const value = resolution?.values[resolution.default];
  if (value === undefined) throw new Error('A checked model has a price or a resolution with a default.');
  return value.price;
}
