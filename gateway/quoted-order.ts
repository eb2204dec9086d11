import { limits } from '../core/limits.ts';
import type { GenerationQuote, TopupQuote } from '../core/pricing/quote.ts';
import type { StarShelf } from '../core/pricing/catalogue.ts';
import { excerpt } from '../core/text.ts';
import type { StarQuote } from '../db/star-quotes.ts';

/*
 * The part of an order's row that a quote decides: one copy for all ways in, so that the same purchase is the same row
 * wherever it was begun.
 */

export function quotedTopup({ packId, title, provider, catalogueVersion, price, grants }: TopupQuote) {
  return {
    packId,
    title,
    provider,
    catalogueVersion,
    priceMinor: BigInt(price.amountMinor),
    priceAsset: price.asset,
    grantsMinor: BigInt(grants.amountMinor),
    grantsAsset: grants.asset,
  };
}

export function quotedGeneration(quote: GenerationQuote, prompt: string) {
  return {
    provider: quote.provider,
    modelId: quote.modelId,
    catalogueVersion: quote.catalogueVersion,
    priceMinor: BigInt(quote.price.amountMinor),
    unitPriceMinor: BigInt(quote.unitPrice.amountMinor),
    priceAsset: quote.price.asset,
    pictures: quote.pictures,
    providerModel: quote.providerModel,
    providerOptions: quote.providerOptions,
    imageField: quote.imageField ?? null,
    prompt,
    promptExcerpt: excerpt(prompt, limits.promptExcerptCodePointsMax),
  };
}

export function quotedStarPurchase(quote: StarQuote, shelf: StarShelf) {
  const { id: quoteId, kind, quantity, recipient, recipientName, provider, catalogueVersion } = quote;
  const { priceMinor, priceAsset, budgetNano } = quote;
  return {
    quoteId,
    kind,
    quantity,
    recipient,
    recipientName,
    provider,
    catalogueVersion,
    priceMinor,
    priceAsset,
    budgetNano,
    needsTwo: priceMinor > shelf.twoOperatorsAbove.minor,
  };
}
