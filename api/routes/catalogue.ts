import { catalogue as contract, payerCoins } from '../../core/http/shop.ts';
import { limits } from '../../core/limits.ts';
import { toJson } from '../../core/money.ts';
import {
  type Catalogue,
  type Choice,
  type Model,
  type Pack,
  priceAt,
  type PricedChoice,
  type StarShelf,
} from '../../core/pricing/catalogue.ts';
import type { Guides } from '../../gateway/guides.ts';
import { type Route, route } from '../route.ts';

export interface CoinDeps {
  readonly guides: Pick<Guides, 'payerCoins'>;
  /** Providers that are paid in a coin of the payer's choice. */
  readonly coinTakers: readonly string[];
}

/** The price list, as clients need it: our own words for options, never a provider's; and what it can be paid in. */
export function catalogueRoutes(catalogue: Catalogue, { guides, coinTakers }: CoinDeps): Route[] {
  const shown = showCatalogue(catalogue);
  const sellers = new Set(catalogue.packs.flatMap(({ providers }) => providers));
  const takers = coinTakers.filter((provider) => sellers.has(provider));
  return [
    route(contract, () => Promise.resolve({ body: shown })),
    route(payerCoins, async () => {
      const offers = await Promise.all(takers.map((provider) => showOffer(guides, provider)));
      return { body: { offers: offers.filter((offer) => offer !== undefined) } };
    }),
  ];
}

/** The coins that can be chosen now, as the provider said lately; it decides nothing. */
async function showOffer(guides: Pick<Guides, 'payerCoins'>, provider: string) {
  const read = await guides.payerCoins(provider);
  if (read === undefined) return undefined;
  const open = read.coins.filter(({ isAvailable }) => isAvailable);
  const coins = open.map(({ currency, network, minAmount, maxAmount }) => ({
    currency,
    network,
    minAmount,
    maxAmount,
  }));
  return { provider, coins, asOf: read.askedAt };
}

/** The price list as answers show it. */
export function showCatalogue({ version, packs, models, stars }: Catalogue) {
  const shelf = stars === undefined ? null : showStars(stars);
  return { version, packs: packs.map(showPack), models: models.map(showModel), stars: shelf };
}

function showStars({ presets, quantityMin, quantityMax, premiumMonths }: StarShelf) {
  return { presets: [...presets], quantityMin, quantityMax, premiumMonths: [...premiumMonths] };
}

function showPack(pack: Pack) {
  const { id, title, price, grants, providers } = pack;
  const prices = providers.map((provider) => ({ provider, price: toJson(priceAt(pack, provider)) }));
  return { id, title, price: toJson(price), prices, grants: toJson(grants), providers: [...providers] };
}

function showModel(model: Model) {
  const { id, title, kind, price, promptCodePointsMax, imagesMin, imagesMax, picturesMax } = model;
  return {
    id,
    title,
    kind,
    price: toJson(price),
    promptCodePointsMax,
    imagesMin,
    imagesMax: Math.min(imagesMax, limits.imagesPerGenerationMax),
    picturesMax: Math.min(picturesMax, limits.picturesPerGenerationMax),
    options: {
      ...(model.ratio === undefined ? {} : { ratio: showChoice(model.ratio) }),
      ...(model.resolution === undefined ? {} : { resolution: showPricedChoice(model.resolution) }),
      ...(model.format === undefined ? {} : { format: showChoice(model.format) }),
    },
  };
}

function showChoice(choice: Choice) {
  return { default: choice.default, values: Object.keys(choice.values) };
}

function showPricedChoice(choice: PricedChoice) {
  const values = Object.entries(choice.values).map(([value, { price }]) => ({ value, price: toJson(price) }));
  return { default: choice.default, values };
}
