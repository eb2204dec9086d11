import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  type CancelAnswer,
  type GenerationStatus,
  generationWorkflowId,
  isGenerationFinal,
} from '../core/flows/generation.ts';
import { starPurchaseWorkflowId } from '../core/flows/star-purchase.ts';
import { isTopupOver, type TopupStatus, topupWorkflowId } from '../core/flows/topup.ts';
import { createFragmentSessions } from '../db/fragment-sessions.ts';
import { createGenerations, type Generation, type NewGeneration } from '../db/generations.ts';
import type { DatabasePool } from '../db/pool.ts';
import { createStarPurchases } from '../db/star-purchases.ts';
import { createStarQuotes } from '../db/star-quotes.ts';
import { createTopups, type NewTopup, type Topup } from '../db/topups.ts';
import { createWalletMessages } from '../db/wallet-messages.ts';
import type { Logger } from '../platform/logger.ts';
import { cancelGeneration, type GenerationWorkflow, placeGeneration } from '../workflows/messages/generation.ts';
import { cancelTopup, checkTopup, placeTopup, type TopupWorkflow } from '../workflows/messages/topup.ts';
import type { Placed, Refused } from './answers.ts';
import { createAsk } from './ask.ts';
import { createGuideCommands, type GuideCommands } from './guide-commands.ts';
import { createSessionCommands, type SessionCommands } from './session-commands.ts';
import { createStarCommands, type StarCommands, startStarPurchase } from './star-commands.ts';
import { generationStart, topupStart } from './start-options.ts';

/** The one door to the sagas: one typed function per command. */
export interface Gateway extends StarCommands, SessionCommands, GuideCommands {
  /** Inserts the order, starts its saga and waits for the first answer, 5 s at most; then answers from the row. */
  placeTopup(order: NewTopup): Promise<Placed<Topup>>;
  /** "I paid": has the provider read now. */
  checkTopup(id: string, userId: string): Promise<{ outcome: 'checked'; topup: Topup } | Refused>;
  cancelTopup(
    id: string,
    userId: string,
  ): Promise<{ outcome: 'canceled' | 'already_credited' | 'needs_attention'; topup: Topup } | Refused>;
  placeGeneration(order: NewGeneration): Promise<Placed<Generation>>;
  cancelGeneration(
    id: string,
    userId: string,
  ): Promise<{ outcome: CancelAnswer['outcome']; generation: Generation } | Refused>;
  /** Starts sagas for orders that were inserted and then left alone; answers how many. */
  startForgotten(olderThanMs: number): Promise<number>;
}

export interface GatewayDeps {
  readonly client: Client;
  /** Where the rows of the orders stand. */
  readonly pool: DatabasePool;
  readonly logger: Logger;
}

/** Forgotten orders of one kind that are started in one turn; the rest is the next turn's. */
const forgottenBatch = 100;

/** The gateway over a client of Temporal and the rows of the orders. */
export function createGateway(deps: GatewayDeps): Gateway {
  const { client, pool, logger } = deps;
  const [topups, generations, starPurchases] = [createTopups(pool), createGenerations(pool), createStarPurchases(pool)];
  const ask = createAsk(deps);

  /** Whether the saga runs, or may: false only when Temporal cannot be reached. */
  async function start(request: () => Promise<unknown>): Promise<boolean> {
    return (await ask(request)).outcome !== 'temporarily_unavailable';
  }

  return {
    ...createSessionCommands({ client, ask, fragmentSessions: createFragmentSessions(pool) }),
    ...createGuideCommands({ client }),
    ...createStarCommands({
      client,
      ask,
      starPurchases,
      starQuotes: createStarQuotes(pool),
      walletMessages: createWalletMessages(pool),
      logger,
    }),

    async placeTopup(order) {
      const inserted = await topups.insert(order);
      if (inserted.outcome === 'key_conflict') return inserted;
      const { row, outcome } = inserted;
      if (row.status === 'accepted' && !(await start(() => startTopup(client, row)))) {
        return { outcome: 'temporarily_unavailable' };
      }
      return { outcome: 'placed', order: (await topups.get(row.id)) ?? row, replayed: outcome === 'replay' };
    },

    async checkTopup(id, userId) {
      const topup = await topups.find(id, userId);
      if (!topup) return { outcome: 'not_found' };
      const handle = client.workflow.getHandle(topupWorkflowId(id));
      const asked = await ask(() => handle.executeUpdate(checkTopup));
      if (asked.outcome === 'temporarily_unavailable') return asked;
      return { outcome: 'checked', topup: (await topups.get(id)) ?? topup };
    },

    async cancelTopup(id, userId) {
      const topup = await topups.find(id, userId);
      if (!topup) return { outcome: 'not_found' };
      // What a person looks into is that person's to end.
      if (!isTopupOver(topup.status) && topup.status !== 'needs_attention') {
        const handle = client.workflow.getHandle(topupWorkflowId(id));
        const asked = await ask(() => handle.executeUpdate(cancelTopup));
        const isOver = asked.outcome === 'answered' || (asked.outcome === 'closed' && topup.status !== 'accepted');
        if (!isOver) return { outcome: 'temporarily_unavailable' };
      }
      const now = (await topups.get(id)) ?? topup;
      return { outcome: cancelOutcome(now.status), topup: now };
    },

    async placeGeneration(order) {
      const inserted = await generations.insert(order);
      if (inserted.outcome === 'key_conflict') return inserted;
      const { row, outcome } = inserted;
      if (row.status === 'accepted' && !(await start(() => startGeneration(client, row)))) {
        return { outcome: 'temporarily_unavailable' };
      }
      return { outcome: 'placed', order: (await generations.get(row.id)) ?? row, replayed: outcome === 'replay' };
    },

    async cancelGeneration(id, userId) {
      const generation = await generations.find(id, userId);
      if (!generation) return { outcome: 'not_found' };
      const handle = client.workflow.getHandle(generationWorkflowId(id));
      const asked = await ask(() => handle.executeUpdate(cancelGeneration));
      const now = (await generations.get(id)) ?? generation;
      if (asked.outcome === 'answered') return { outcome: asked.value.outcome, generation: now };
      if (asked.outcome !== 'closed' || now.status === 'accepted') return { outcome: 'temporarily_unavailable' };
      return { outcome: closedAnswer(now.status), generation: now };
    },

    async startForgotten(olderThanMs) {
      const orphans = [
        ...(await topups.listAccepted(olderThanMs, forgottenBatch)).map((row) => ({
          workflowId: topupWorkflowId(row.id),
          request: () => startTopup(client, row),
        })),
        ...(await generations.listAccepted(olderThanMs, forgottenBatch)).map((row) => ({
          workflowId: generationWorkflowId(row.id),
          request: () => startGeneration(client, row),
        })),
        ...(await starPurchases.listAccepted(olderThanMs, forgottenBatch)).map((row) => ({
          workflowId: starPurchaseWorkflowId(row.id),
          request: () => startStarPurchase(client, row),
        })),
      ];
      for (const { workflowId, request } of orphans) {
        // One order that cannot be started must not keep the others waiting; it is tried again with every turn.
        await start(request).catch((error: unknown) =>
          logger.error({ err: error, workflowId }, 'an accepted order could not be started'),
        );
      }
      return orphans.length;
    },
  };
}

/** What canceling answers when the workflow has closed: the row says how. */
function cancelOutcome(status: TopupStatus): 'canceled' | 'already_credited' | 'needs_attention' {
  if (status === 'needs_attention') return status;
  return status === 'credited' ? 'already_credited' : 'canceled';
}

function closedAnswer(status: GenerationStatus): CancelAnswer['outcome'] {
  if (status === 'canceled') return 'canceled';
  return isGenerationFinal(status) ? 'already_finished' : 'already_submitted';
}

function startTopup(client: Client, topup: Topup): Promise<unknown> {
  const startWorkflowOperation = new WithStartWorkflowOperation<TopupWorkflow>('topup', topupStart(topup));
  return client.workflow.executeUpdateWithStart(placeTopup, { startWorkflowOperation, updateId: 'place' });
}

function startGeneration(client: Client, generation: Generation): Promise<unknown> {
  const startWorkflowOperation = new WithStartWorkflowOperation<GenerationWorkflow>(
    'generation',
    generationStart(generation),
  );
  return client.workflow.executeUpdateWithStart(placeGeneration, { startWorkflowOperation, updateId: 'place' });
}
