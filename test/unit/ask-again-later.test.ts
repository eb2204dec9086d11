import assert from 'node:assert/strict';
import { askAgainLater } from '../../activities/ask-again-later.ts';

describe('asking a provider again', () => {
  it('S21: waits as long as the provider asks for', () => {
    assert.equal(
      askAgainLater({ outcome: 'not_sent', reason: 'rate_limited', retryAfterMs: 7_000 }).nextRetryDelay,
      7_000,
    );
  });

  it('waits ten minutes at most: a provider that says "in a year" does not put an order to sleep', () => {
    for (const outcome of ['not_sent', 'unknown'] as const) {
      const failure = askAgainLater({ outcome, reason: 'too_many_requests', retryAfterMs: 999_999_000 });
      assert.equal(failure.nextRetryDelay, 600_000);
    }
  });

  it('leaves the delay to the retry policy where the provider names none', () => {
    const failure = askAgainLater({ outcome: 'unknown', reason: 'timeout' });
    assert.equal(failure.nextRetryDelay, undefined);
    assert.equal(failure.nonRetryable, false);
  });
});
