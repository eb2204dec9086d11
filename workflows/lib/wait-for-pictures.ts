import { CancellationScope, condition, isCancellation, log } from '@temporalio/workflow';
import type { CollectAnswer } from '../../activities/generation.ts';
import { waitCalls } from './proxies.ts';
import { describe } from './saga.ts';

export type Pictures =
  Exclude<CollectAnswer, { outcome: 'pending' }> | { readonly outcome: 'stuck'; readonly reason: string };

/**
 * Waits until the provider's pictures are in our store, it says that there are none, or the deadline passes. One long
 * activity polls; a callback cancels it and has the result read at once. A callback that was forged or early reads
 * `pending`, and the waiting goes on. `stuck`: neither way works and a person must look.
 */
export async function waitForPictures(
  ids: { readonly generationId: string },
  callback: { readonly count: number; seenCount: number },
): Promise<Pictures> {
  const calls = waitCalls();
  try {
    for (;;) {
      if (callback.count === callback.seenCount) {
        const polled = await untilNotified(
          () => calls.awaitPictures(ids),
          () => callback.count > callback.seenCount,
        );
        if (polled !== 'notified') return polled;
      }
      callback.seenCount = callback.count;
      const read = await calls.collectPictures(ids);
      if (read.outcome !== 'pending') return read;
    }
  } catch (error) {
    return { outcome: 'stuck', reason: describe(error) };
  }
}

/** Runs a cancellable step until it ends or the condition holds, whichever is first. */
async function untilNotified<T>(step: () => Promise<T>, notified: () => boolean): Promise<T | 'notified'> {
  const scope = new CancellationScope({ cancellable: true });
  const running = scope.run(step);
  const first = await Promise.race([running, condition(notified).then(() => 'notified' as const)]);
  if (first !== 'notified') return first;
  scope.cancel();
  running.catch((error: unknown) => {
    if (!isCancellation(error))
      log.warn('the polling that the callback overtook had failed', { error: describe(error) });
  });
  return first;
}
