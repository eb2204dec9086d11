import { asyncLocalStorage } from '@temporalio/activity';

const heartbeatEveryMs = 3_000;

/**
 * Heartbeats while something runs that cannot do it itself, such as a call of a provider: a worker that was killed is
 * noticed within the heartbeat's time-out, and the step is tried elsewhere. Outside an activity it only waits.
 */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  const context = asyncLocalStorage.getStore();
  const timer = setInterval(() => context?.heartbeat(), heartbeatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
