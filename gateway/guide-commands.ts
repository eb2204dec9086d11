import type { Client } from '@temporalio/client';
import { type StarPricesInput, type StarPricesSeen, starPricesWorkflowId } from '../core/flows/guide.ts';
import { limits } from '../core/limits.ts';
import { flowsQueue } from '../core/queues.ts';
import type { StarPricesWorkflow } from '../workflows/messages/guide.ts';

/** Asking providers for what is only shown. Whoever asks at the same time, from whatever process, shares one asking. */
export interface GuideCommands {
  /** Throws when Temporal does not answer; null when the provider does not. */
  lookUpStarPrices(input: StarPricesInput): Promise<StarPricesSeen>;
}

/** What may pass on the way to the provider and back. */
const spareMs = 5_000;

/** The part of the gateway that looks things up. */
export function createGuideCommands({ client }: { readonly client: Client }): GuideCommands {
  const withinMs = limits.guidePatienceMs + spareMs;

  return {
    lookUpStarPrices: (input) =>
      client.connection.withDeadline(Date.now() + withinMs, () =>
        client.workflow.execute<StarPricesWorkflow>('starPrices', {
          taskQueue: flowsQueue,
          workflowId: starPricesWorkflowId(input),
          workflowIdConflictPolicy: 'USE_EXISTING',
          // One that finds no worker is of no use to anybody later.
          workflowExecutionTimeout: withinMs,
          args: [input],
        }),
      ),
  };
}
