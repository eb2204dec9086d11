import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { generationWorkflowId } from '../core/flows/generation.ts';
import { refundWorkflowId } from '../core/flows/refund.ts';
import { type SettleInput, settleWorkflowId } from '../core/flows/settle.ts';
import { topupWorkflowId } from '../core/flows/topup.ts';
import { limits } from '../core/limits.ts';
import { flowsQueue } from '../core/queues.ts';
import type { GenerationAttempts } from '../db/generation-attempts.ts';
import type { Fact, Inbox, InboxRow } from '../db/inbox.ts';
import type { Topups } from '../db/topups.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { Logger } from '../platform/logger.ts';
import { resultNotified } from '../workflows/messages/generation.ts';
import { refundAsked, type RefundWorkflow } from '../workflows/messages/refund.ts';
import type { SettleWorkflow } from '../workflows/messages/settle.ts';
import { paymentNotified } from '../workflows/messages/topup.ts';
import { isTemporalSilence } from './ask.ts';

export interface InboxDelivery {
  /**
   * Delivers what is due in one stream, oldest first. Never throws: what fails is postponed, and the pump comes
   * again.
   */
  deliver(streamKey: string): Promise<void>;
  /** Delivers all due streams; answers how many there were. */
  pump(): Promise<number>;
}

export interface InboxDeliveryDeps {
  readonly client: Client;
  readonly inbox: Inbox;
  readonly topups: Topups;
  readonly attempts: GenerationAttempts;
  readonly logger: Logger;
  readonly failpoint: Failpoint;
}

const signalTimeoutMs = 5_000;
/** After the first failure; each one that is the fact's own doubles it. */
const retryDelayMs = 2_000;
const pumpBatch = 200;
const pumpConcurrency = 8;

/**
 * Takes facts from the inbox to their sagas as signals. Where the saga is closed or gone, `settle` re-reads the
 * provider instead. A fact says only which thing changed; what became of it is read.
 */
export function createInboxDelivery(deps: InboxDeliveryDeps): InboxDelivery {
  const { client, inbox, logger, failpoint } = deps;

  async function hand(fact: Fact): Promise<void> {
    await failpoint('inbox.before-signal');
    await client.connection.withDeadline(Date.now() + signalTimeoutMs, () => handTo(deps, fact));
    await failpoint('inbox.after-signal');
  }

  async function handRow({ id, fact }: InboxRow): Promise<void> {
    try {
      await hand(fact);
    } catch (error) {
      throw new HandingFailed(id, error);
    }
  }

  async function deliver(streamKey: string): Promise<void> {
    try {
      while (await inbox.deliverHead(streamKey, (row) => handRow(row)));
    } catch (error) {
      if (error instanceof HandingFailed) await postpone(deps, streamKey, error);
      else logger.warn({ err: error, streamKey }, 'the inbox could not be read; the pump comes again');
    }
  }

  return {
    deliver,
    async pump() {
      const streams = [...(await inbox.dueStreams(pumpBatch))];
      const total = streams.length;
      await Promise.all(
        Array.from({ length: pumpConcurrency }, async () => {
          for (let next = streams.shift(); next !== undefined; next = streams.shift()) await deliver(next);
        }),
      );
      return total;
    },
  };
}

/** The saga could not be told; apart from what the database does, which is never the fact's fault. */
class HandingFailed extends Error {
  readonly id: bigint;

  constructor(id: bigint, cause: unknown) {
    super('a fact could not be handed to its saga', { cause });
    this.id = id;
  }
}

/** An outage of Temporal is not the fact's fault either, and costs it no attempt (W4). */
async function postpone(deps: InboxDeliveryDeps, streamKey: string, failed: HandingFailed): Promise<void> {
  const { id, cause: error } = failed;
  const counts = !isTemporalSilence(error);
  deps.logger[counts ? 'error' : 'warn']({ err: error, streamKey }, 'a fact could not be delivered');
  try {
    await deps.inbox.defer(id, {
      error: error instanceof Error ? error.message : String(error),
      delayMs: retryDelayMs,
      counts,
      attemptsMax: limits.inboxAttemptsMax,
    });
  } catch (failure) {
    deps.logger.error({ err: failure, streamKey }, 'a fact could not be postponed');
  }
}

function handTo(deps: InboxDeliveryDeps, fact: Fact): Promise<void> {
  switch (fact.kind) {
    case 'payment':
      return handPayment(deps, fact);
    case 'generation':
      return handGeneration(deps, fact);
    case 'refund':
      return handRefund(deps.client, fact);
  }
}

/** Starts a refund's saga, or tells the one that runs that it was asked for again; a stopped one begins anew. */
async function handRefund(client: Client, { refundId, provider }: Extract<Fact, { kind: 'refund' }>): Promise<void> {
  await client.workflow.signalWithStart<RefundWorkflow>('refund', {
    taskQueue: flowsQueue,
    workflowId: refundWorkflowId(refundId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [{ refundId, provider }],
    signal: refundAsked,
  });
}

async function handPayment(deps: InboxDeliveryDeps, fact: Extract<Fact, { kind: 'payment' }>): Promise<void> {
  const topup = await deps.topups.findByPayment(fact.provider, fact.paymentId);
  const handle = topup && deps.client.workflow.getHandle(topupWorkflowId(topup.id));
  const isHeard =
    handle !== null && (await isSignalled(() => handle.signal(paymentNotified, { paymentId: fact.paymentId })));
  if (!isHeard) await settle(deps.client, 'settlePayment', { provider: fact.provider, reference: fact.paymentId });
}

async function handGeneration(deps: InboxDeliveryDeps, fact: Extract<Fact, { kind: 'generation' }>): Promise<void> {
  const attempt = await deps.attempts.get(fact.attemptId);
  // What was delivered and paid for cannot be settled again: the poll was quicker than the callback.
  if (!attempt || attempt.orderStatus === 'succeeded') return;
  if (attempt.taskId === null) {
    await deps.attempts.record(attempt.id, { state: 'accepted', taskId: fact.taskId, hinted: true });
  }
  const handle = deps.client.workflow.getHandle(generationWorkflowId(attempt.generationId));
  const isHeard = await isSignalled(() => handle.signal(resultNotified, { attemptId: attempt.id }));
  if (!isHeard) await settle(deps.client, 'settleGeneration', { provider: fact.provider, reference: attempt.id });
}

async function isSignalled(signal: () => Promise<void>): Promise<boolean> {
  try {
    await signal();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** One settling at a time per payment or attempt; a later fact may start another. */
async function settle(
  client: Client,
  workflow: 'settlePayment' | 'settleGeneration',
  input: SettleInput,
): Promise<void> {
  await client.workflow.start<SettleWorkflow>(workflow, {
    taskQueue: flowsQueue,
    workflowId: settleWorkflowId(input.provider, input.reference),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
  });
}
