import { z } from 'zod';
import { languages } from '../languages.ts';
import { user } from './auth.ts';
import { asset, boughtStars, minor, page, time } from './common.ts';
import { contract } from './contract.ts';

const bucket = z.object({
  bucket: z.enum(['free', 'plan', 'promo', 'paid']),
  availableMinor: minor,
  expiresAt: time.nullable(),
});

export const wallet = z
  .object({ asset, availableMinor: minor, heldMinor: minor, buckets: z.array(bucket) })
  .meta({ id: 'Wallet' });

export const shopModules = z.array(z.enum(['topup', 'generation', 'stars', 'panel']));

export const me = contract({
  name: 'me',
  method: 'get',
  path: '/me',
  summary: 'Who I am and what I have',
  tag: 'account',
  answer: z.object({ user, wallets: z.array(wallet), modules: shopModules }),
});

export const changeMe = contract({
  name: 'changeMe',
  method: 'patch',
  path: '/me',
  summary: 'Choose my language',
  tag: 'account',
  body: z.object({ language: z.enum(languages) }),
  answer: z.object({ user }),
});

export const balance = contract({
  name: 'balance',
  method: 'get',
  path: '/balance',
  summary: 'My balances, read from the ledger',
  tag: 'account',
  answer: z.object({
    userId: z.string(),
    balances: z.array(z.object({ asset, availableMinor: minor, heldMinor: minor, source: z.literal('database') })),
    subscription: z.null(),
  }),
});

const transaction = z
  .object({
    id: z.string(),
    kind: z.string(),
    amountMinor: minor,
    asset,
    balanceAfterMinor: minor,
    description: z.string(),
    /** Of a purchase of Stars or Premium; null of anything else. */
    stars: boughtStars.nullable(),
    cause: z.object({
      workflowId: z.string(),
      step: z.string(),
      actor: z.string(),
      providerRef: z.string().nullable(),
    }),
    at: time,
  })
  .meta({ id: 'Transaction' });

export const transactions = contract({
  name: 'transactions',
  method: 'get',
  path: '/transactions',
  summary: 'Every change of my balances with its cause, newest first',
  tag: 'account',
  /** `in`: only what came, `out`: only what went. */
  query: page.extend({ asset: asset.optional(), direction: z.enum(['in', 'out']).optional() }),
  answer: z.object({ items: z.array(transaction), nextCursor: z.string().nullable() }),
  errors: ['invalid_cursor'],
});

const transactionStep = z.object({
  kind: z.enum(['held', 'charged', 'returned', 'credited', 'moved', 'expired']),
  amountMinor: minor,
  asset,
  at: time,
});

export const readTransaction = contract({
  name: 'readTransaction',
  method: 'get',
  path: '/transactions/:id',
  summary: 'One change of a balance, and what became of the money step by step',
  tag: 'account',
  params: z.object({ id: z.string().regex(/^[1-9]\d{0,17}$/) }),
  answer: z.object({
    transaction,
    steps: z.array(transactionStep),
    order: z.object({ kind: z.enum(['topup', 'generation', 'star-purchase']), id: z.string() }).nullable(),
  }),
  errors: ['not_found'],
});

const notification = z
  .object({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: time })
  .meta({ id: 'Notification' });

export const notifications = contract({
  name: 'notifications',
  method: 'get',
  path: '/notifications',
  summary: 'What I was told, newest first',
  tag: 'account',
  query: page,
  answer: z.object({ items: z.array(notification), nextCursor: z.string().nullable() }),
  errors: ['invalid_cursor'],
});
