import {
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { limits } from '../core/limits.ts';
import type { Logger } from '../platform/logger.ts';

/** What became of a request to Temporal. `pending`: the server is there, the saga has not answered yet. */
export type Asked<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'pending' }
  | { readonly outcome: 'temporarily_unavailable' };

export type Ask = <T>(request: () => Promise<T>) => Promise<Asked<T>>;

/** How long the server has to say that it is there at all. */
const aliveTimeoutMs = 700;

/** Asks Temporal with a deadline, and with an answer for each way in which it may not answer. */
export function createAsk({ client, logger }: { readonly client: Client; readonly logger: Logger }): Ask {
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

  return async (request) => {
    try {
      const value = await connection.withDeadline(Date.now() + limits.firstAnswerTimeoutMs, request);
      return { outcome: 'answered', value };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { outcome: 'closed' };
      if (!isTemporalSilence(error)) throw error;
      return { outcome: (await isAlive()) ? 'pending' : 'temporarily_unavailable' };
    }
  };
}

/**
 * gRPC's CANCELLED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, UNAVAILABLE. The fourth is what
 * Temporal says of an update whose worker has died over it: nobody has heard of it yet.
 */
const silentCodes = new Set([1, 4, 8, 9, 14]);

/** Whether an error says that Temporal did not answer, rather than what it answered. */
export function isTemporalSilence(error: unknown): boolean {
  for (let depth = 0, current = error; depth < 4 && current instanceof Error; depth += 1, current = current.cause) {
    if (current instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
    if (isGrpcServiceError(current)) return silentCodes.has(current.code);
  }
  return false;
}
