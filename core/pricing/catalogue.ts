import type { Money } from '../money.ts';

/**
 * The price list as data: packs of credits that are bought for money, and models whose pictures are bought for
 * credits. Types and look-ups only, since this file is part of the workflow bundle; `catalogue-schema.ts` reads the
 * text and proves the rules.
 */
export interface Catalogue {
  /** Every quote names it, so that a price can be explained years later. */
  readonly version: string;
  readonly packs: readonly Pack[];
  readonly models: readonly Model[];
  /** How Stars and Premium are sold; absent: they are not. */
  readonly stars?: StarShelf;
}

/** Stars and Premium: bought at the provider's price of the moment, with our margin. */
export interface StarShelf {
  readonly provider: string;
  /** Amounts that are offered as buttons (S2). */
  readonly presets: readonly number[];
  readonly quantityMin: number;
  readonly quantityMax: number;
  readonly premiumMonths: readonly number[];
  /** Basis points of the provider's price. */
  readonly marginBps: number;
  /** What the chain takes for the transfer, added to every price. */
  readonly networkFee: Money;
  readonly quoteLifetimeSeconds: number;
  /** Above this price two operators must decide alike about an order that is stuck. */
  readonly twoOperatorsAbove: Money;
}

export interface Pack {
  readonly id: string;
  readonly title: string;
  /** What it costs at every provider that has no price of its own here. */
  readonly price: Money;
  /** Prices at single providers, those in another currency above all. */
  readonly prices: Readonly<Record<string, Money>>;
  readonly grants: Money;
  /** The payment providers that sell this pack. */
  readonly providers: readonly string[];
}

export type ModelKind = 'text-to-image' | 'image-to-image';

/** An option with a closed set of values: our word for it on the left, the provider's spelling on the right. */
export interface Choice {
  readonly field: string;
  readonly default: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface PricedValue {
  readonly value: string;
  readonly price: Money;
}

/** An option whose value decides the price of a picture. */
export interface PricedChoice {
  readonly field: string;
  readonly default: string;
  readonly values: Readonly<Record<string, PricedValue>>;
}

export interface Model {
  readonly id: string;
  readonly title: string;
  readonly kind: ModelKind;
  readonly provider: string;
  readonly providerModel: string;
  /** Price of one picture, with the default resolution where the model has several. */
  readonly price: Money;
  readonly promptCodePointsMax: number;
  /** The name under which the model takes its input pictures; absent: it takes none. */
  readonly imageField?: string;
  readonly imagesMin: number;
  readonly imagesMax: number;
  readonly ratio?: Choice;
  readonly resolution?: PricedChoice;
  readonly format?: Choice;
  /** The field that says how many pictures one task draws; absent: always one. */
  readonly countField?: string;
  readonly picturesMax: number;
  /** Options sent with every request as they stand. */
  readonly fixedOptions: Readonly<Record<string, string | number | boolean>>;
}

/** The pack of an id, or undefined. Ids are compared exactly. */
export function findPack(catalogue: Catalogue, packId: string): Pack | undefined {
  return catalogue.packs.find((pack) => pack.id === packId);
}

/** What a pack costs at a payment provider. */
export function priceAt(pack: Pack, provider: string): Money {
  return (Object.hasOwn(pack.prices, provider) ? pack.prices[provider] : undefined) ?? pack.price;
}

/** The same list without a payment provider that is not set up here; a pack that nobody else sells is left out. */
export function withoutProvider(catalogue: Catalogue, provider: string): Catalogue {
  const packs = catalogue.packs
    .map((pack) => ({ ...pack, providers: pack.providers.filter((name) => name !== provider) }))
    .filter((pack) => pack.providers.length > 0);
  return { ...catalogue, packs };
}

/** The model of an id, or undefined. Ids are compared exactly. */
export function findModel(catalogue: Catalogue, modelId: string): Model | undefined {
  return catalogue.models.find((model) => model.id === modelId);
}
