import { sleep } from '@temporalio/workflow';
import type { GenerationInput } from '../../../core/flows/generation.ts';
import type { RefundInput } from '../../../core/flows/refund.ts';
import type { SettleInput } from '../../../core/flows/settle.ts';
import type { TopupInput } from '../../../core/flows/topup.ts';
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
