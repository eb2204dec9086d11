import { sleep } from '@temporalio/workflow';
import type { PayerCoinsInput, StarPricesInput } from '../../../core/flows/guide.ts';
import type { GenerationInput } from '../../../core/flows/generation.ts';
import type { RefundInput } from '../../../core/flows/refund.ts';
import type { SettleInput } from '../../../core/flows/settle.ts';
import type { FragmentSessionInput } from '../../../core/flows/fragment-session.ts';
import type { StarPurchaseInput } from '../../../core/flows/star-purchase.ts';
import type { StarQuoteInput } from '../../../core/flows/star-quote.ts';
import type { TopupInput } from '../../../core/flows/topup.ts';
import type { WalletInput } from '../../../core/flows/wallet.ts';
import * as real from '../../../workflows/index.ts';

/* Incompatible on purpose: each workflow first waits. */

export async function generation(input: GenerationInput) {
  await sleep(1_000);
  return real.generation(input);
}

export async function topup(input: TopupInput) {
  await sleep(1_000);
  return real.topup(input);
}

export async function refund(input: RefundInput) {
  await sleep(1_000);
  return real.refund(input);
}

export async function settlePayment(input: SettleInput) {
  await sleep(1_000);
  return real.settlePayment(input);
}

export async function settleGeneration(input: SettleInput) {
  await sleep(1_000);
  return real.settleGeneration(input);
}

export async function starPurchase(input: StarPurchaseInput) {
  await sleep(1_000);
  return real.starPurchase(input);
}

export async function starQuote(input: StarQuoteInput) {
  await sleep(1_000);
  return real.starQuote(input);
}

export async function payerCoins(input: PayerCoinsInput) {
  await sleep(1_000);
  return real.payerCoins(input);
}

export async function starPrices(input: StarPricesInput) {
  await sleep(1_000);
  return real.starPrices(input);
}

export async function wallet(input: WalletInput) {
  await sleep(1_000);
  return real.wallet(input);
}

export async function fragmentSession(input: FragmentSessionInput) {
  await sleep(1_000);
  return real.fragmentSession(input);
}
