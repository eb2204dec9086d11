import assert from 'node:assert/strict';
import { factsInUtc, inUtc } from '../../db/utc-times.ts';

describe('moments out of the database', () => {
  it('are told in UTC, to their microsecond, whatever the zone of the session', () => {
    assert.equal(inUtc('2026-11-21T10:02:56.217184+00:00'), '2026-11-21T10:02:56.217184Z');
    assert.equal(inUtc('2026-11-22T01:02:56.2171+03:00'), '2026-11-21T22:02:56.2171Z');
    assert.equal(inUtc('2026-11-21T20:32:56-03:30'), '2026-11-22T00:02:56Z');
  });

  it('stay as they are when they are in UTC already, and so does what is no moment', () => {
    for (const text of ['2026-11-21T10:02:56.217Z', 'infinity', '2026-11-21', 'at 2026-11-21T10:02:56+00:00']) {
      assert.equal(inUtc(text), text);
    }
  });

  it('are found within facts, however deep', () => {
    const facts = { payments: [{ signedAt: '2026-11-21T10:02:56+00:00', position: 0 }], none: null };
    assert.deepEqual(factsInUtc(facts), {
      payments: [{ signedAt: '2026-11-21T10:02:56Z', position: 0 }],
      none: null,
    });
  });
});
