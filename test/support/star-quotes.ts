import { randomUUID } from 'node:crypto';
import { createStarQuotes } from '../../db/star-quotes.ts';
import type { StarItemKind } from '../../core/flows/star-purchase.ts';
import type { DatabasePool } from '../../db/pool.ts';

interface QuoteWish {
  readonly userId: string;
  readonly kind?: StarItemKind;
  readonly quantity?: number;
  readonly recipient?: string;
  readonly recipientName?: string;
  readonly priceNano?: bigint;
  readonly lifetimeMs?: number;
}

/** A quote as the provider's answer leaves it: 50 Stars for @bob at 1 TON. Answers its id. */
export async function writeStarQuote(pool: DatabasePool, wish: QuoteWish): Promise<string> {
  const { userId, kind = 'stars', quantity = 50, recipient = 'bob', recipientName = 'Bob' } = wish;
  const { priceNano = 1_000_000_000n, lifetimeMs = 300_000 } = wish;
  const quotes = createStarQuotes(pool);
  const id = randomUUID();
  await quotes.ask({ id, userId, kind, quantity, recipient, provider: 'fragment', catalogueVersion: 'v1' });
  await quotes.answer(id, {
    recipientName,
    providerPriceNano: priceNano - 70_000_000n,
    priceMinor: priceNano,
    priceAsset: 'TON',
    budgetNano: priceNano - 20_000_000n,
    lifetimeMs,
  });
  return id;
}
