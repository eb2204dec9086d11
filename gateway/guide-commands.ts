import type { Client } from '@temporalio/client';
import {
  type PayerCoinsInput,
  type PayerCoinsSeen,
  payerCoinsWorkflowId,
  type StarPricesInput,
  type StarPricesSeen,
  starPricesWorkflowId,
} from '../core/flows/guide.ts';
import { limits } from '../core/limits.ts';
import { flowsQueue } from '../core/queues.ts';
import type { PayerCoinsWorkflow, StarPricesWorkflow } from '../workflows/messages/guide.ts';

/** Asking providers for what is only shown. Whoever asks at the same time, from whatever process, shares one asking. */
export interface GuideCommands {
  /** Prices of so many Stars each, all or none. Throws when Temporal does not answer; null: the provider did not. */
  lookUpStarPrices(input: StarPricesInput): Promise<StarPricesSeen>;
  /** The coins that the provider takes now. Throws when Temporal does not answer; null: the provider did not. */
  lookUpPayerCoins(input: PayerCoinsInput): Promise<PayerCoinsSeen>;
}

/** What may pass on the way to the provider and back. */
const spareMs = 5_000;

/** The part of the gateway that looks things up. */
export function createGuideCommands({ client }: { readonly client: Client }): GuideCommands {
  const withinMs = limits.guidePatienceMs + spareMs;
  const within = <T>(work: () => Promise<T>) => client.connection.withDeadline(Date.now() + withinMs, work);
  const common = {
    taskQueue: flowsQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    // One that finds no worker is of no use to anybody later.
    workflowExecutionTimeout: withinMs,
  } as const;

  return {
    lookUpStarPrices: (input) =>
      within(() =>
        client.workflow.execute<StarPricesWorkflow>('starPrices', {
          ...common,
          workflowId: starPricesWorkflowId(input),
          args: [input],
        }),
      ),
    lookUpPayerCoins: (input) =>
      within(() =>
        client.workflow.execute<PayerCoinsWorkflow>('payerCoins', {
          ...common,
          workflowId: payerCoinsWorkflowId(input),
          args: [input],
        }),
      ),
  };
}
