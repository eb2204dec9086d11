import { catalogue as contract } from '../../core/http/shop.ts';
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
import { type Route, route } from '../route.ts';

/** The price list, as clients need it: our own words for options, never a provider's. */
export function catalogueRoutes(catalogue: Catalogue): Route[] {
  const shown = showCatalogue(catalogue);
  return [route(contract, () => Promise.resolve({ body: shown }))];
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
