import type { Duration } from '@temporalio/common';
import { TypedSearchAttributes } from '@temporalio/common';
import type { GenerationInput } from '../core/flows/generation.ts';
import { generationWorkflowId } from '../core/flows/generation.ts';
import { type StarPurchaseInput, starPurchaseWorkflowId } from '../core/flows/star-purchase.ts';
import { type TopupInput, topupWorkflowId } from '../core/flows/topup.ts';
import { flowsQueue } from '../core/queues.ts';
import type { Generation } from '../db/generations.ts';
import type { StarPurchase } from '../db/star-purchases.ts';
import type { Topup } from '../db/topups.ts';
import { searchAttributes } from '../workflows/messages/search-attributes.ts';

/** No execution time-out: it would end a saga without its undos. */
const workflowTaskTimeout: Duration = '10s';

/** A second start is the same saga: one open run per id, and none again after it has closed. */
const once = {
  taskQueue: flowsQueue,
  workflowIdReusePolicy: 'REJECT_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowTaskTimeout,
} as const;

/** How the saga of a top-up is started. */
export function topupStart(topup: Topup) {
  const input: TopupInput = {
    topupId: topup.id,
    userId: topup.userId,
    provider: topup.provider,
    catalogueVersion: topup.catalogueVersion,
    price: { amountMinor: topup.priceMinor.toString(), asset: topup.priceAsset },
    grants: { amountMinor: topup.grantsMinor.toString(), asset: topup.grantsAsset },
  };
  return {
    ...once,
    workflowId: topupWorkflowId(topup.id),
    args: [input] as [TopupInput],
    staticSummary: `${amountOf(input.grants)} for ${amountOf(input.price)} minor by ${topup.provider}`,
    typedSearchAttributes: attributes(topup, input.price),
  };
}

/** How the saga of a generation is started. */
export function generationStart(generation: Generation) {
  const asset = generation.priceAsset;
  const input: GenerationInput = {
    generationId: generation.id,
    userId: generation.userId,
    provider: generation.provider,
    modelId: generation.modelId,
    catalogueVersion: generation.catalogueVersion,
    price: { amountMinor: generation.priceMinor.toString(), asset },
    unitPrice: { amountMinor: generation.unitPriceMinor.toString(), asset },
    pictures: generation.pictures,
  };
  return {
    ...once,
    workflowId: generationWorkflowId(generation.id),
    args: [input] as [GenerationInput],
    staticSummary: `${generation.pictures} picture(s) by ${generation.modelId} for ${input.price.amountMinor} ${asset}`,
    typedSearchAttributes: attributes(generation, input.price),
  };
}

/** How the saga of a star purchase is started. */
export function starPurchaseStart(purchase: StarPurchase) {
  const { kind, quantity, provider } = purchase;
  const input: StarPurchaseInput = {
    purchaseId: purchase.id,
    userId: purchase.userId,
    provider,
    catalogueVersion: purchase.catalogueVersion,
    kind,
    quantity,
    price: { amountMinor: purchase.priceMinor.toString(), asset: purchase.priceAsset },
  };
  const bought = kind === 'stars' ? `${quantity} Stars` : `${quantity} months of Premium`;
  return {
    ...once,
    workflowId: starPurchaseWorkflowId(purchase.id),
    args: [input] as [StarPurchaseInput],
    staticSummary: `${bought} for ${amountOf(input.price)} minor by ${provider}`,
    typedSearchAttributes: attributes(purchase, input.price),
  };
}

function attributes(
  order: { id: string; userId: string; provider: string },
  price: { amountMinor: string; asset: string },
): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: searchAttributes.orderId, value: order.id },
    { key: searchAttributes.userId, value: order.userId },
    { key: searchAttributes.provider, value: order.provider },
    { key: searchAttributes.sagaState, value: 'accepted' },
    { key: searchAttributes.amountMinor, value: price.amountMinor },
    { key: searchAttributes.asset, value: price.asset },
  ]);
}

function amountOf({ amountMinor, asset }: TopupInput['price']): string {
  return `${amountMinor} ${asset}`;
}
