import { z } from 'zod';
import { starItemKinds, starPurchaseStatuses } from '../flows/star-purchase.ts';
import { id, money, ownId, page, text, time } from './common.ts';
import { contract } from './contract.ts';

/** A username as people write it, with or without @; Fragment takes what Telegram does. */
const username = text(33, 1)
  .regex(/^@?[A-Za-z][A-Za-z0-9_]{3,31}$/, 'must be a username')
  .transform((value) => value.replace(/^@/, ''))
  .meta({ examples: ['anna_k'] });

const item = z.object({
  kind: z.enum(starItemKinds),
  /** Stars, or months of Premium. */
  quantity: z.int().min(1).max(10_000_000),
  recipient: username,
});

const quote = z
  .object({
    id,
    kind: z.enum(starItemKinds),
    quantity: z.int(),
    recipient: z.string(),
    /** As the provider shows the recipient. */
    recipientName: z.string(),
    price: money,
    expiresAt: time,
  })
  .meta({ id: 'StarQuote' });

export const starPurchase = z
  .object({
    id,
    status: z.enum(starPurchaseStatuses),
    kind: z.enum(starItemKinds),
    quantity: z.int(),
    recipient: z.string(),
    recipientName: z.string(),
    showSender: z.boolean(),
    price: money,
    failure: z.object({ code: z.string(), message: z.string(), returned: money }).nullable(),
    createdAt: time,
    /** When each step was reached; null while it was not. */
    steps: z.object({
      reservedAt: time.nullable(),
      signedAt: time.nullable(),
      paidAt: time.nullable(),
      endedAt: time.nullable(),
    }),
  })
  .meta({ id: 'StarPurchase' });

const purchaseAnswer = z.object({ purchase: starPurchase });

export const quoteStars = contract({
  name: 'quoteStars',
  method: 'post',
  path: '/star-quotes',
  summary: 'Ask who would receive Stars or Premium, and what they cost now; nothing is taken',
  tag: 'stars',
  body: item,
  status: 201,
  answer: z.object({ quote }),
  errors: [
    'stars_not_sold',
    'quantity_not_offered',
    'recipient_not_found',
    'recipient_not_user',
    'recipient_refused',
    'already_premium',
  ],
});

export const guideStarPrices = contract({
  name: 'guideStarPrices',
  method: 'get',
  path: '/star-prices',
  summary:
    'About what the amounts on the shelf cost, to be shown before there is a recipient; a quote says what is charged',
  tag: 'stars',
  answer: z.object({
    /** Null: not known just now. */
    guide: z
      .object({
        prices: z.array(z.object({ quantity: z.int(), price: money })),
        /** When the provider said so. */
        asOf: time,
      })
      .nullable(),
  }),
});

export const placeStarPurchase = contract({
  name: 'placeStarPurchase',
  method: 'post',
  path: '/star-purchases',
  summary: 'Buy what was quoted: answers when the funds are held',
  tag: 'stars',
  rate: 'payment',
  keyed: true,
  body: z.object({ quoteId: id, showSender: z.boolean().default(false) }),
  status: 202,
  answer: purchaseAnswer,
  errors: ['insufficient_funds', 'quote_not_found', 'quote_expired'],
});

export const listStarPurchases = contract({
  name: 'listStarPurchases',
  method: 'get',
  path: '/star-purchases',
  summary: 'My purchases of Stars and Premium, newest first',
  tag: 'stars',
  query: page,
  answer: z.object({ items: z.array(starPurchase), nextCursor: z.string().nullable() }),
  errors: ['invalid_cursor'],
});

export const readStarPurchase = contract({
  name: 'readStarPurchase',
  method: 'get',
  path: '/star-purchases/:id',
  summary: 'A purchase of mine as it stands',
  tag: 'stars',
  params: ownId,
  answer: purchaseAnswer,
  errors: ['not_found'],
});

export const cancelStarPurchase = contract({
  name: 'cancelStarPurchase',
  method: 'post',
  path: '/star-purchases/:id/cancel',
  summary: 'Take a purchase back while nothing is signed',
  tag: 'stars',
  params: ownId,
  answer: purchaseAnswer,
  errors: ['not_found', 'already_signed', 'already_finished'],
});

export const listStarRecipients = contract({
  name: 'listStarRecipients',
  method: 'get',
  path: '/star-recipients',
  summary: 'Usernames that I have bought for, the latest first',
  tag: 'stars',
  answer: z.object({ items: z.array(z.object({ recipient: z.string(), recipientName: z.string() })) }),
});
