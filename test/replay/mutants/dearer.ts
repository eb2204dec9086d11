import type { GenerationInput } from '../../../core/flows/generation.ts';
import type { StarPurchaseInput } from '../../../core/flows/star-purchase.ts';
import type { TopupInput } from '../../../core/flows/topup.ts';
import * as real from '../../../workflows/index.ts';

/* The same steps with other amounts and keys: a replay alone lets it pass. */

export async function generation(input: GenerationInput) {
  return real.generation({
    ...input,
    unitPrice: { ...input.unitPrice, amountMinor: `${input.unitPrice.amountMinor}0` },
  });
}

export async function topup(input: TopupInput) {
  return real.topup({ ...input, provider: 'another' });
}

export async function starPurchase(input: StarPurchaseInput) {
  return real.starPurchase({ ...input, purchaseId: `${input.purchaseId}0` });
}

export const { refund, settlePayment, settleGeneration, starQuote, wallet, fragmentSession } = real;
