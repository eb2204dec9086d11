import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';

type Ending = 'capture' | 'release' | 'expire';
const named = { capture: 'already_captured', release: 'already_released', expire: 'already_expired' } as const;
const endings = Object.keys(named) as Ending[];

describe('the end of a hold', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const end = (how: Ending, holdKey: string, key = someKey(how)) => {
    const request = { key, holdKey, cause: because(how) };
    return how === 'capture'
      ? bench.ledger.capture({ ...request, amountMinor: 50n })
      : how === 'release'
        ? bench.ledger.release(request)
        : bench.ledger.expire(request);
  };

  async function annaHolds(amountMinor = 50n) {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    return { anna, holdKey: await bench.hold(anna, amountMinor) };
  }

  for (const first of endings) {
    for (const second of endings) {
      it(`S15: ${second} after ${first} is ${named[first]}, with the first cause, and moves nothing`, async () => {
        const { anna, holdKey } = await annaHolds();
        await bench.letHoldEnd(holdKey);
        assert.equal((await end(first, holdKey)).replayed, false);
        const before = await bench.available(anna);
        const answer = await end(second, holdKey);
        const captured = first === 'capture' ? '50' : '0';
        assert.deepEqual(answer, {
          outcome: named[first],
          holdKey,
          capturedMinor: captured,
          releasedMinor: first === 'capture' ? '0' : '50',
          resolvedBy: because(first),
          replayed: false,
        });
        assert.equal(await bench.available(anna), before);
      });
    }

    it(`gives the first answer again when ${first} is repeated under its key`, async () => {
      const { anna, holdKey } = await annaHolds();
      await bench.letHoldEnd(holdKey);
      const key = someKey(first);
      const answer = await end(first, holdKey, key);
      assert.deepEqual(await end(first, holdKey, key), { ...answer, replayed: true });
      assert.equal(await bench.available(anna), first === 'capture' ? 50n : 100n);
    });

    it(`answers extend after ${first} with ${named[first]}`, async () => {
      const { holdKey } = await annaHolds();
      await bench.letHoldEnd(holdKey);
      await end(first, holdKey);
      assert.equal((await bench.ledger.extend({ key: someKey(), holdKey, ttlMs: 1_000 })).outcome, named[first]);
    });
  }

  it('S15: captures a part and releases the rest once', async () => {
    const { anna, holdKey } = await annaHolds(80n);
    const request = { key: someKey('capture'), holdKey, cause: because('capture'), amountMinor: 30n };
    const answer = await bench.ledger.capture(request);
    assert.partialDeepStrictEqual(answer, { outcome: 'captured', capturedMinor: '30', releasedMinor: '50' });
    assert.equal(
      (await bench.ledger.release({ key: someKey(), holdKey, cause: because('undo') })).outcome,
      'already_captured',
    );
    assert.deepEqual([await bench.available(anna), await bench.held(anna)], [70n, 0n]);
  });

  it('S15: refuses to capture more than is held, and the hold stays open', async () => {
    const { anna, holdKey } = await annaHolds();
    const request = { key: someKey(), holdKey, cause: because('capture'), amountMinor: 51n };
    assert.deepEqual(await bench.ledger.capture(request), {
      outcome: 'exceeds_hold',
      heldMinor: '50',
      replayed: false,
    });
    assert.equal(await bench.held(anna), 50n);
    assert.equal((await bench.ledger.capture({ ...request, amountMinor: 50n })).outcome, 'captured');
  });

  it('answers key_conflict when the key of a capture comes back with another amount', async () => {
    const { holdKey } = await annaHolds();
    const request = { key: someKey(), holdKey, cause: because('capture'), amountMinor: 20n };
    await bench.ledger.capture(request);
    assert.deepEqual(await bench.ledger.capture({ ...request, amountMinor: 21n }), {
      outcome: 'key_conflict',
      replayed: false,
    });
  });

  it('knows no hold that was never made: release has nothing to do, the others say so', async () => {
    const holdKey = someKey('never');
    assert.deepEqual(await end('release', holdKey), { outcome: 'nothing_to_release', replayed: false });
    for (const how of ['capture', 'expire'] as const) assert.equal((await end(how, holdKey)).outcome, 'unknown_hold');
    assert.equal((await bench.ledger.extend({ key: someKey(), holdKey, ttlMs: 1_000 })).outcome, 'unknown_hold');
  });

  it('does not expire a hold before its time, and does not record that', async () => {
    const { anna, holdKey } = await annaHolds();
    const key = someKey('expire');
    assert.equal((await end('expire', holdKey, key)).outcome, 'not_due');
    assert.equal(await bench.held(anna), 50n);
    await bench.letHoldEnd(holdKey);
    assert.partialDeepStrictEqual(await end('expire', holdKey, key), { outcome: 'expired', releasedMinor: '50' });
    assert.equal(await bench.available(anna), 100n);
  });

  it('extends an open hold, never shortens it, and repeats its answer', async () => {
    const { holdKey } = await annaHolds();
    const key = someKey('extend');
    const longer = await bench.ledger.extend({ key, holdKey, ttlMs: 86_400_000 });
    assert.equal(longer.outcome, 'extended');
    assert.deepEqual(await bench.ledger.extend({ key, holdKey, ttlMs: 86_400_000 }), { ...longer, replayed: true });
    const shorter = await bench.ledger.extend({ key: someKey(), holdKey, ttlMs: 1_000 });
    assert.equal('expiresAt' in shorter && shorter.expiresAt, 'expiresAt' in longer && longer.expiresAt);
    assert.equal((await bench.ledger.extend({ key, holdKey, ttlMs: 1 })).outcome, 'key_conflict');
  });
});
