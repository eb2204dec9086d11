import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { limits } from '../../core/limits.ts';
import { flowsQueue, providerQueue, waitsQueue } from '../../core/queues.ts';

/*
 * How activities are called, decided once. Ledger moves are local activities: keyed, a few milliseconds, retried
 * without end, since the ledger is ours and a repeat is answered as the first time. Calls to a provider run on the
 * provider's own queue, where the server keeps its rate.
 */

/** How soon a worker that was killed is noticed; activities heartbeat every 3 s. */
const heartbeatTimeout = '15s';

const forever = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Moves of orders and money. */
export function ledgerMoves() {
  return proxyLocalActivities<Activities>({
    startToCloseTimeout: '20s',
    localRetryThreshold: '30s',
    retry: forever,
  });
}

/**
 * Moves that a message asks for while the saga waits. Several may come at once, and the ends of local activities that
 * run side by side have another order in a replay than they had: as events of the history they have one order.
 */
export function messageMoves() {
  return proxyActivities<Activities>({ taskQueue: flowsQueue, startToCloseTimeout: '20s', retry: forever });
}

/** Creating a payment goes on for as long as the provider keeps our key, and longer by looking it up. */
export function paymentCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '2m',
    heartbeatTimeout,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
  });
}

/** Returning money is asked for until it is confirmed, however long that takes: a repeat is answered as done. */
export function refundCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '2m',
    heartbeatTimeout,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1h' },
  });
}

/** Asking for pictures: what was certainly not sent is tried again, what is unknown never. */
export function submitCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '5m',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '2s', backoffCoefficient: 3, maximumInterval: '30s', maximumAttempts: 60 },
  });
}

/**
 * Waiting for pictures: one long activity that polls by the ladder and heartbeats; cancelled when the callback wins.
 */
export function waitCalls() {
  return proxyActivities<Activities>({
    taskQueue: waitsQueue,
    startToCloseTimeout: '30m',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
}

/** What runs on a schedule. */
export function housekeepingCalls() {
  return proxyActivities<Activities>({
    taskQueue: flowsQueue,
    startToCloseTimeout: '10m',
    heartbeatTimeout: '60s',
    retry: { initialInterval: '5s', maximumInterval: '1m', maximumAttempts: 5 },
  });
}

/** A price for a person who waits: a few quick tries. */
export function quoteCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: '30s',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumAttempts: 3 },
  });
}

/** What is only shown: one try, and nothing is shown where it fails. */
export function guideCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    scheduleToCloseTimeout: limits.guidePatienceMs,
    retry: { maximumAttempts: 1 },
  });
}

/** A payment request of Stars costs nothing and is asked for again until the deadline of signing. */
export function prepareCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '2m',
    scheduleToCloseTimeout: limits.starSigningDeadlineMs,
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
}

/** Signing, and the one long wait for the chain's word on a message: both begin anew from the rows. */
export function walletCalls() {
  return proxyActivities<Activities>({
    taskQueue: waitsQueue,
    startToCloseTimeout: '30m',
    heartbeatTimeout,
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
  });
}

/** Looking for a delivery: one long activity that polls by the ladder and heartbeats. */
export function deliveryCalls() {
  return proxyActivities<Activities>({
    taskQueue: waitsQueue,
    startToCloseTimeout: '1h',
    heartbeatTimeout,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });
}

/** Renewing a session: no two at once anyway, so that a repeat only finds what the first one left. */
export function sessionCalls(provider: string) {
  return proxyActivities<Activities>({
    taskQueue: providerQueue(provider),
    startToCloseTimeout: '2m',
    scheduleToCloseTimeout: '10m',
    heartbeatTimeout,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  });
}
