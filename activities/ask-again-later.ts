import { ApplicationFailure } from '@temporalio/common';
import type { Outcome } from '../core/result.ts';

/** The longest wait that a provider may ask for: with more than this an order would sleep past its own deadline. */
const waitMsMax = 10 * 60 * 1000;

/**
 * A provider that did not answer, as the failure that has Temporal ask again: after the time that the provider named
 * (S21), else after the retry policy's own. Only for calls that are safe to repeat.
 */
export function askAgainLater(
  outcome: Extract<Outcome<unknown>, { outcome: 'not_sent' | 'unknown' }>,
): ApplicationFailure {
  return ApplicationFailure.create({
    message: outcome.reason,
    type: outcome.outcome === 'unknown' ? 'provider_unknown' : 'provider_not_reached',
    nonRetryable: false,
    ...(outcome.retryAfterMs === undefined ? {} : { nextRetryDelay: Math.min(outcome.retryAfterMs, waitMsMax) }),
  });
}
