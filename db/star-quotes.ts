import { sql } from 'slonik';
import { z } from 'zod';
import type { Asset } from '../core/assets.ts';
import { type StarItemKind, starItemKinds } from '../core/flows/star-purchase.ts';
import type { CommonQueryMethods } from './pool.ts';

/** What a person wants to know the price of. */
export interface StarQuoteRequest {
  readonly id: string;
  readonly userId: string;
  readonly kind: StarItemKind;
  /** Stars, or months of Premium. */
  readonly quantity: number;
  /** The username without @. */
  readonly recipient: string;
  readonly provider: string;
  readonly catalogueVersion: string;
}

/** What Stars or Premium for one recipient cost at one moment: the provider's price, and ours for the person. */
export interface StarQuote extends StarQuoteRequest {
  readonly recipientName: string;
  readonly providerPriceNano: bigint;
  readonly priceMinor: bigint;
  readonly priceAsset: Asset;
  /** What the payment may cost us at most. */
  readonly budgetNano: bigint;
  readonly expiresAt: string;
  readonly isExpired: boolean;
}

export type StarQuotePrice = Omit<StarQuote, keyof StarQuoteRequest | 'expiresAt' | 'isExpired'> & {
  readonly lifetimeMs: number;
};

const request = {
  id: z.string(),
  userId: z.string(),
  kind: z.enum(starItemKinds),
  quantity: z.number(),
  recipient: z.string(),
  provider: z.string(),
  catalogueVersion: z.string(),
};
const requestRow = z.object(request);
const quoteRow = z.object({
  ...request,
  recipientName: z.string(),
  providerPriceNano: z.bigint(),
  priceMinor: z.bigint(),
  priceAsset: z.string(),
  budgetNano: z.bigint(),
  expiresAt: z.string(),
  isExpired: z.boolean(),
}) as unknown as z.ZodType<StarQuote>;

const requestColumns = sql.fragment`id, user_id AS "userId", kind, quantity, recipient, provider,
  catalogue_version AS "catalogueVersion"`;

export type StarQuotes = ReturnType<typeof createStarQuotes>;

/** Quotes of Stars and Premium, kept until they expire or are bought by. */
export function createStarQuotes(db: CommonQueryMethods) {
  return {
    /** Writes down what is asked for, before the provider is asked. */
    async ask(wanted: StarQuoteRequest): Promise<void> {
      await db.query(sql.prepared('star_quote_ask', z.object({}))`
        INSERT INTO app.star_quote (id, user_id, kind, quantity, recipient, provider, catalogue_version)
        VALUES (${wanted.id}, ${wanted.userId}, ${wanted.kind}, ${wanted.quantity}, ${wanted.recipient},
          ${wanted.provider}, ${wanted.catalogueVersion})
        ON CONFLICT (id) DO NOTHING`);
    },

    get(id: string): Promise<StarQuoteRequest | null> {
      return db.maybeOne(sql.prepared('star_quote_get', requestRow)`
        SELECT ${requestColumns} FROM app.star_quote WHERE id = ${id}`);
    },

    /** Writes the price of a quote, once: the first one stands. */
    async answer(id: string, price: StarQuotePrice): Promise<void> {
      await db.query(sql.prepared('star_quote_answer', z.object({}))`
        UPDATE app.star_quote SET recipient_name = ${price.recipientName},
          provider_price_nano = ${price.providerPriceNano}, price_minor = ${price.priceMinor},
          price_asset = ${price.priceAsset}, budget_nano = ${price.budgetNano},
          expires_at = now() + make_interval(secs => ${price.lifetimeMs / 1000})
        WHERE id = ${id} AND price_minor IS NULL`);
    },

    /** A person's own quote with its price; null for another's, and for one that the provider did not answer. */
    find(id: string, userId: string): Promise<StarQuote | null> {
      return db.maybeOne(sql.prepared('star_quote_find', quoteRow)`
        SELECT ${requestColumns}, recipient_name AS "recipientName", provider_price_nano AS "providerPriceNano",
          price_minor AS "priceMinor", price_asset AS "priceAsset", budget_nano AS "budgetNano",
          expires_at AS "expiresAt", expires_at < now() AS "isExpired"
        FROM app.star_quote WHERE id = ${id} AND user_id = ${userId} AND price_minor IS NOT NULL`);
    },

    /** Forgets quotes of which a day ago nothing was bought; answers how many. */
    async forgetOld(limit: number): Promise<number> {
      const { rowCount } = await db.query(sql.prepared('star_quote_forget', z.object({}))`
        DELETE FROM app.star_quote WHERE id IN (
          SELECT q.id FROM app.star_quote q WHERE q.created_at < now() - interval '1 day'
            AND NOT EXISTS (SELECT 1 FROM app.star_purchase p WHERE p.quote_id = q.id)
          ORDER BY q.created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
      return rowCount;
    },
  };
}
