import assert from 'node:assert/strict';
import { ServiceError } from '@temporalio/client';
import { isTemporalSilence } from '../../gateway/ask.ts';

/** As the client throws it: a plain error around the one that gRPC gave. */
function failure(code: number): Error {
  const cause = Object.assign(new Error('of gRPC'), { code, details: 'of gRPC', metadata: {} });
  return new ServiceError('Workflow Update failed', { cause });
}

describe('an error of Temporal', () => {
  it('is silence when the worker has died over an update, so that the person is asked to come again', () => {
    const failedPrecondition = 9;
    assert.equal(isTemporalSilence(failure(failedPrecondition)), true);
  });

  it('is no silence when the request itself was wrong', () => {
    const invalidArgument = 3;
    assert.equal(isTemporalSilence(failure(invalidArgument)), false);
  });
});
