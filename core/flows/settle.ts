/*
 * Settling: a fact from a provider found its order's workflow closed or gone. The workflow re-reads the provider and
 * applies what it says under the same ledger key, so that nothing is credited or charged twice.
 */

export interface SettleInput {
  readonly provider: string;
  /** The provider's own id: a payment, or the attempt of a generation. */
  readonly reference: string;
}

export type SettleEnd = { readonly outcome: string };

/** One workflow settles one thing of a provider, however often it is told. */
export function settleWorkflowId(provider: string, reference: string): string {
  return `settle/${provider}/${reference}`;
}
