import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  type CancelAnswer,
  type GenerationStatus,
  generationWorkflowId,
  isGenerationFinal,
} from '../core/flows/generation.ts';
import { isTopupOver, topupWorkflowId } from '../core/flows/topup.ts';
import { limits } from '../core/limits.ts';
import type { Generation, Generations, NewGeneration } from '../db/generations.ts';
import type { NewTopup, Topup, Topups } from '../db/topups.ts';
import type { Logger } from '../platform/logger.ts';
import { cancelGeneration, placeGeneration } from '../workflows/messages/generation.ts';
import { cancelTopup, checkTopup, placeTopup } from '../workflows/messages/topup.ts';
import { generationStart, topupStart } from './start-options.ts';

/** What placing an order answers. `key_conflict` shows nothing of the other order. */
export type Placed<Order> =
  | { readonly outcome: 'placed'; readonly order: Order; readonly replayed: boolean }
  | { readonly outcome: 'key_conflict' }
  | { readonly outcome: 'temporarily_unavailable' };

type Refused = { readonly outcome: 'not_found' } | { readonly outcome: 'temporarily_unavailable' };

/** The one door to the sagas: one typed function per command. */
export interface Gateway {
  /** Inserts the order, starts its saga and waits for the first answer, 5 s at most; then answers from the row. */
  placeTopup(order: NewTopup): Promise<Placed<Topup>>;
  /** "I paid": has the provider read now. */
  checkTopup(id: string, userId: string): Promise<{ outcome: 'checked'; topup: Topup } | Refused>;
  cancelTopup(
    id: string,
    userId: string,
  ): Promise<{ outcome: 'canceled' | 'already_credited'; topup: Topup } | Refused>;
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
  readonly topups: Topups;
  readonly generations: Generations;
  readonly logger: Logger;
}

const aliveTimeoutMs = 700;
const forgottenBatch = 100;

export function createGateway(deps: GatewayDeps): Gateway {
  const { client, topups, generations } = deps;
  const desk = createDesk(deps);

  return {
    async placeTopup(order) {
      const inserted = await topups.insert(order);
      if (inserted.outcome === 'key_conflict') return inserted;
      const { row, outcome } = inserted;
      if (row.status === 'accepted' && !(await desk.start(() => startTopup(client, row)))) {
        return { outcome: 'temporarily_unavailable' };
      }
      return { outcome: 'placed', order: (await topups.get(row.id)) ?? row, replayed: outcome === 'replay' };
    },

    async checkTopup(id, userId) {
      const topup = await topups.find(id, userId);
      if (!topup) return { outcome: 'not_found' };
      const handle = client.workflow.getHandle(topupWorkflowId(id));
      const asked = await desk.ask(() => handle.executeUpdate(checkTopup));
      if (asked.outcome === 'temporarily_unavailable') return asked;
      return { outcome: 'checked', topup: (await topups.get(id)) ?? topup };
    },

    async cancelTopup(id, userId) {
      const topup = await topups.find(id, userId);
      if (!topup) return { outcome: 'not_found' };
      if (!isTopupOver(topup.status)) {
        const handle = client.workflow.getHandle(topupWorkflowId(id));
        const asked = await desk.ask(() => handle.executeUpdate(cancelTopup));
        const isOver = asked.outcome === 'answered' || (asked.outcome === 'closed' && topup.status !== 'accepted');
        if (!isOver) return { outcome: 'temporarily_unavailable' };
      }
      const now = (await topups.get(id)) ?? topup;
      return { outcome: now.status === 'credited' ? 'already_credited' : 'canceled', topup: now };
    },

    async placeGeneration(order) {
      const inserted = await generations.insert(order);
      if (inserted.outcome === 'key_conflict') return inserted;
      const { row, outcome } = inserted;
      if (row.status === 'accepted' && !(await desk.start(() => startGeneration(client, row)))) {
        return { outcome: 'temporarily_unavailable' };
      }
      return { outcome: 'placed', order: (await generations.get(row.id)) ?? row, replayed: outcome === 'replay' };
    },

    async cancelGeneration(id, userId) {
      const generation = await generations.find(id, userId);
      if (!generation) return { outcome: 'not_found' };
      const handle = client.workflow.getHandle(generationWorkflowId(id));
      const asked = await desk.ask(() => handle.executeUpdate(cancelGeneration));
      const now = (await generations.get(id)) ?? generation;
      if (asked.outcome === 'answered') return { outcome: asked.value.outcome, generation: now };
      if (asked.outcome !== 'closed' || now.status === 'accepted') return { outcome: 'temporarily_unavailable' };
      return { outcome: closedAnswer(now.status), generation: now };
    },

    async startForgotten(olderThanMs) {
      const orphans = [
        ...(await topups.listAccepted(olderThanMs, forgottenBatch)).map((row) => () => startTopup(client, row)),
        ...(await generations.listAccepted(olderThanMs, forgottenBatch)).map(
          (row) => () => startGeneration(client, row),
        ),
      ];
      for (const start of orphans) await desk.start(start).catch((error: unknown) => reportUnstarted(deps, error));
      return orphans.length;
    },
  };
}

/** One order that cannot be started must not keep the others waiting; it is tried again with every turn. */
function reportUnstarted({ logger }: GatewayDeps, error: unknown): void {
  logger.error({ err: error }, 'an accepted order could not be started');
}

/** What canceling answers when the workflow has closed: the row says how. */
function closedAnswer(status: GenerationStatus): CancelAnswer['outcome'] {
  if (status === 'canceled') return 'canceled';
  return isGenerationFinal(status) ? 'already_finished' : 'already_submitted';
}

function startTopup(client: Client, topup: Topup): Promise<unknown> {
  const startWorkflowOperation = new WithStartWorkflowOperation('topup', topupStart(topup));
  return client.workflow.executeUpdateWithStart(placeTopup, { startWorkflowOperation, updateId: 'place' });
}

function startGeneration(client: Client, generation: Generation): Promise<unknown> {
  const startWorkflowOperation = new WithStartWorkflowOperation('generation', generationStart(generation));
  return client.workflow.executeUpdateWithStart(placeGeneration, { startWorkflowOperation, updateId: 'place' });
}

type Asked<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'pending' }
  | { readonly outcome: 'temporarily_unavailable' };

/** How Temporal is asked: with a deadline, and with an answer for each way in which it may not answer. */
function createDesk({ client, logger }: GatewayDeps) {
  const { connection } = client;

  /** A saga that is merely slow goes on by itself; only a server that does not answer at all is unavailable. */
  async function isAlive(): Promise<boolean> {
    try {
      await connection.withDeadline(Date.now() + aliveTimeoutMs, () => connection.workflowService.getSystemInfo({}));
      return true;
    } catch (error) {
      logger.warn({ err: error }, 'Temporal does not answer');
      return false;
    }
  }

  async function ask<T>(request: () => Promise<T>): Promise<Asked<T>> {
    try {
      const value = await connection.withDeadline(Date.now() + limits.firstAnswerTimeoutMs, request);
      return { outcome: 'answered', value };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { outcome: 'closed' };
      if (!isTemporalSilence(error)) throw error;
      return { outcome: (await isAlive()) ? 'pending' : 'temporarily_unavailable' };
    }
  }

  return {
    ask,
    /** Whether the saga runs, or may: false only when Temporal cannot be reached. */
    async start(request: () => Promise<unknown>): Promise<boolean> {
      return (await ask(request)).outcome !== 'temporarily_unavailable';
    },
  };
}

function isTemporalSilence(error: unknown): boolean {
  for (let depth = 0, current = error; depth < 4 && current instanceof Error; depth += 1, current = current.cause) {
    if (current instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
    if (isGrpcServiceError(current)) return silentCodes.has(current.code);
  }
  return false;
}

/** gRPC's CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const silentCodes = new Set([1, 4, 8, 14]);

export { isTemporalSilence };
