import { condition, setHandler } from '@temporalio/workflow';
import { ledgerMoves } from '../../../workflows/lib/proxies.ts';
import * as generations from '../../../workflows/messages/generation.ts';
import * as stars from '../../../workflows/messages/star-purchase.ts';
import * as topups from '../../../workflows/messages/topup.ts';

/* Incompatible on purpose: what the histories show as steps is not done. */

export async function generation() {
  setHandler(generations.placeGeneration, () => ({ status: 'reserved' as const }));
  setHandler(generations.cancelGeneration, () => ({ outcome: 'already_finished' as const }));
  return condition(() => false);
}

export async function topup() {
  setHandler(topups.placeTopup, () => ({ status: 'awaiting_payment' as const, payUrl: null, expiresAt: null }));
  return condition(() => false);
}

export async function refund() {
  return { status: 'refunded' };
}

export async function settlePayment() {
  return { outcome: 'credited' };
}

export async function settleGeneration(input: { reference: string }) {
  await ledgerMoves().findGenerationOfAttempt({ attemptId: input.reference });
  return { outcome: 'kept' };
}

export async function starPurchase() {
  setHandler(stars.placeStarPurchase, () => ({ status: 'reserved' as const }));
  setHandler(stars.cancelStarPurchase, () => ({ outcome: 'already_finished' as const }));
  setHandler(stars.decideStarPurchase, () => ({ outcome: 'not_parked' as const }));
  return condition(() => false);
}

export async function starQuote() {
  return { outcome: 'quoted' };
}

export async function payerCoins() {
  return null;
}

export async function starPrices() {
  return null;
}

export async function wallet() {
  return condition(() => false);
}

export async function fragmentSession() {
  return condition(() => false);
}
