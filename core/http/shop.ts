import { z } from 'zod';
import { generationStatuses, generationViews } from '../flows/generation.ts';
import { topupStatuses } from '../flows/topup.ts';
import { limits } from '../limits.ts';
import { id, minor, money, ownId, page, text, time } from './common.ts';
import { contract } from './contract.ts';

const choice = z.object({ default: z.string(), values: z.array(z.string()) });
const resolution = z.object({
  default: z.string(),
  values: z.array(z.object({ value: z.string(), price: money })),
});

const pack = z.object({
  id: z.string(),
  title: z.string(),
  /** What it costs where no provider has a price of its own. */
  price: money,
  /** What it costs at each provider that sells it. */
  prices: z.array(z.object({ provider: z.string(), price: money })),
  grants: money,
  providers: z.array(z.string()),
});

const model = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['text-to-image', 'image-to-image']),
  /** Of one picture, with the options as they come. */
  price: money,
  promptCodePointsMax: z.int(),
  imagesMin: z.int(),
  imagesMax: z.int(),
  picturesMax: z.int(),
  options: z.object({ ratio: choice.optional(), resolution: resolution.optional(), format: choice.optional() }),
});

/** Stars and Premium: the price is asked for with a quote. */
const starShelf = z.object({
  presets: z.array(z.int()),
  quantityMin: z.int(),
  quantityMax: z.int(),
  premiumMonths: z.array(z.int()),
});

export const priceList = z.object({
  version: z.string(),
  packs: z.array(pack),
  models: z.array(model),
  stars: starShelf.nullable(),
});

export const catalogue = contract({
  name: 'catalogue',
  method: 'get',
  path: '/catalogue',
  summary: 'What is sold, and for how much',
  tag: 'shop',
  answer: priceList,
});

export const payerCoins = contract({
  name: 'payerCoins',
  method: 'get',
  path: '/payer-coins',
  summary: 'The coins that a payer may choose at each provider that takes some, to be shown before an invoice is made',
  tag: 'shop',
  answer: z.object({
    /** A provider that does not say just now is missing. */
    offers: z.array(
      z.object({
        provider: z.string(),
        /** Amounts are decimal texts in the coin. */
        coins: z.array(
          z.object({ currency: z.string(), network: z.string(), minAmount: z.string(), maxAmount: z.string() }),
        ),
        /** When the provider said so. */
        asOf: time,
      }),
    ),
  }),
});

export const topup = z
  .object({
    id,
    status: z.enum(topupStatuses),
    packId: z.string(),
    provider: z.string(),
    price: money,
    grants: money,
    /** What was credited: more or less than `grants` where more or less came than the price; null until credited. */
    credited: money.nullable(),
    /** What has come, in the price's asset: a part while the rest is awaited; null while nothing is known to have. */
    received: money.nullable(),
    payUrl: z.string().nullable(),
    expiresAt: time.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
  })
  .meta({ id: 'Topup' });

const topupAnswer = z.object({ topup });

export const placeTopup = contract({
  name: 'placeTopup',
  method: 'post',
  path: '/topups',
  summary: 'Buy a pack: answers with the link to pay at, at most 5 seconds later',
  tag: 'topups',
  rate: 'payment',
  keyed: true,
  body: z.object({ packId: text(100, 1), provider: text(100, 1) }),
  status: 202,
  answer: topupAnswer,
  errors: ['unknown_pack', 'provider_not_available'],
});

export const listTopups = contract({
  name: 'listTopups',
  method: 'get',
  path: '/topups',
  summary: 'My top-ups, newest first',
  tag: 'topups',
  query: page,
  answer: z.object({ items: z.array(topup), nextCursor: z.string().nullable() }),
  errors: ['invalid_cursor'],
});

export const readTopup = contract({
  name: 'readTopup',
  method: 'get',
  path: '/topups/:id',
  summary: 'A top-up of mine as it stands',
  tag: 'topups',
  params: ownId,
  answer: topupAnswer,
  errors: ['not_found'],
});

export const checkTopup = contract({
  name: 'checkTopup',
  method: 'post',
  path: '/topups/:id/check',
  summary: '"I paid": asks the payment provider now',
  tag: 'topups',
  params: ownId,
  answer: topupAnswer,
  errors: ['not_found'],
});

export const cancelTopup = contract({
  name: 'cancelTopup',
  method: 'post',
  path: '/topups/:id/cancel',
  summary: 'Stop waiting for a payment; one that comes all the same is credited',
  tag: 'topups',
  params: ownId,
  answer: topupAnswer,
  errors: ['not_found', 'already_credited', 'needs_attention'],
});

const image = z
  .object({ id, width: z.int(), height: z.int(), bytes: z.int(), mime: z.string(), expiresAt: time })
  .meta({ id: 'Image' });

export const uploadImage = contract({
  name: 'uploadImage',
  method: 'post',
  path: '/images',
  summary: 'Store a picture for a generation; PNG, JPEG or WebP, at most 5 MB',
  tag: 'generations',
  takesFile: true,
  status: 201,
  answer: z.object({ image }),
  errors: [
    'one_file_expected',
    'file_too_large',
    'file_type_not_allowed',
    'image_unreadable',
    'image_too_many_pixels',
    'image_too_many_frames',
    'image_quota_exceeded',
    'storage_full',
  ],
});

const failure = z.object({ code: z.string(), message: z.string(), returned: money });

export const generation = z
  .object({
    id,
    status: z.enum(generationStatuses),
    modelId: z.string(),
    price: money,
    /** The first 1,000 characters. */
    prompt: z.string(),
    pictures: z.int(),
    progress: z.int().nullable(),
    /** The place among the orders of its model that nobody draws yet, from 1; null once it is drawn or over. */
    queuePosition: z.int().nullable(),
    /** Signed addresses that expire; read the generation again for fresh ones. */
    resultUrls: z.array(z.string()),
    failure: failure.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Generation' });

const generationAnswer = z.object({ generation });

/** What a 402 says beside the problem's own fields. */
export const shortOfFunds = z.object({ requiredMinor: minor, availableMinor: minor, asset: z.string() });

export const placeGeneration = contract({
  name: 'placeGeneration',
  method: 'post',
  path: '/generations',
  summary: 'Order pictures: answers when the funds are held',
  tag: 'generations',
  keyed: true,
  body: z.object({
    modelId: text(100, 1),
    prompt: text(limits.jsonBodyBytesMax).refine((value) => value.trim() !== '', 'must not be empty'),
    imageIds: z.array(id).max(limits.listPageMax).optional(),
    options: z.record(text(40, 1), z.union([text(100), z.number(), z.boolean()])).optional(),
  }),
  status: 202,
  answer: generationAnswer,
  errors: [
    'insufficient_funds',
    'image_not_found',
    'unknown_model',
    'prompt_too_long',
    'prompt_refused',
    'option_not_allowed',
    'too_many_images',
    'images_required',
  ],
});

export const readGeneration = contract({
  name: 'readGeneration',
  method: 'get',
  path: '/generations/:id',
  summary: 'A generation of mine as it stands',
  tag: 'generations',
  params: ownId,
  answer: generationAnswer,
  errors: ['not_found'],
});

export const listGenerations = contract({
  name: 'listGenerations',
  method: 'get',
  path: '/generations',
  summary: 'My generations, newest first; all, or those that are in one state for the person who looks',
  tag: 'generations',
  query: page.extend({ state: z.enum(generationViews).optional() }),
  answer: z.object({ items: z.array(generation), nextCursor: z.string().nullable() }),
  errors: ['invalid_cursor'],
});

export const cancelGeneration = contract({
  name: 'cancelGeneration',
  method: 'post',
  path: '/generations/:id/cancel',
  summary: 'Take an order back while it waits in our queue; the funds return',
  tag: 'generations',
  params: ownId,
  answer: generationAnswer,
  errors: ['not_found', 'already_submitted', 'already_finished'],
});
