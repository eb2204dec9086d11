import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { money } from '../../core/money.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';
import { freshSeed } from '../support/scale.ts';

const bucket = fc.constantFrom('free', 'plan', 'promo', 'paid');
const lots = fc.array(fc.record({ bucket, days: fc.integer({ min: 1, max: 3 }), minor: fc.bigInt(1n, 50n) }), {
  minLength: 1,
  maxLength: 6,
});

describe('properties of the ledger', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const midnight = new Date(Date.UTC(2099, 0, 1)).getTime();
  async function personWith(
    given: readonly { bucket: 'free' | 'plan' | 'promo' | 'paid'; days: number; minor: bigint }[],
  ) {
    const anna = randomUUID();
    for (const { bucket: of, days, minor } of given) {
      await bench.give(anna, minor, { bucket: of, expiresAt: new Date(midnight + days * 86_400_000).toISOString() });
    }
    return { anna, total: given.reduce((sum, lot) => sum + lot.minor, 0n) };
  }
  const parameters = (what: string) => ({ numRuns: 40, seed: freshSeed(what) });

  it('whatever part of a hold is captured, the person has exactly the rest', async () => {
    const shares = fc.tuple(fc.bigInt(1n, 100n), fc.bigInt(1n, 100n));
    const property = fc.asyncProperty(lots, shares, async (given, [heldShare, spentShare]) => {
      const { anna, total } = await personWith(given);
      const heldMinor = (total * heldShare + 99n) / 100n;
      const spentMinor = (heldMinor * spentShare + 99n) / 100n;
      const holdKey = await bench.hold(anna, heldMinor);
      assert.deepEqual([await bench.available(anna), await bench.held(anna)], [total - heldMinor, heldMinor]);
      await bench.ledger.capture({ key: someKey(), holdKey, amountMinor: spentMinor, cause: because('capture') });
      assert.deepEqual([await bench.available(anna), await bench.held(anna)], [total - spentMinor, 0n]);
    });
    await fc.assert(property, parameters('capture'));
  }).timeout(60_000);

  it('a hold that is given back leaves every lot as it was', async () => {
    const property = fc.asyncProperty(lots, fc.bigInt(1n, 100n), async (given, share) => {
      const { anna, total } = await personWith(given);
      const before = await bench.reads.buckets(anna);
      const holdKey = await bench.hold(anna, (total * share + 99n) / 100n);
      await bench.ledger.release({ key: someKey(), holdKey, cause: because('undo') });
      assert.deepEqual(await bench.reads.buckets(anna), before);
    });
    await fc.assert(property, parameters('release'));
  }).timeout(60_000);

  it('a transfer and its reverse leave both people as they were', async () => {
    const property = fc.asyncProperty(lots, lots, fc.bigInt(1n, 100n), async (mine, theirs, share) => {
      const [{ anna, total }, { anna: boris }] = [await personWith(mine), await personWith(theirs)];
      const before = [await bench.reads.buckets(anna), await bench.reads.buckets(boris)];
      const amount = money((total * share + 99n) / 100n, asset);
      const gift = await bench.ledger.transfer({
        key: someKey(),
        from: anna,
        to: boris,
        amount,
        cause: because('gift'),
      });
      assert.ok(gift.outcome === 'transferred');
      const transferId = BigInt(gift.transferId);
      await bench.ledger.reverse({ key: someKey(), transferId, cause: because('back') });
      assert.deepEqual([await bench.reads.buckets(anna), await bench.reads.buckets(boris)], before);
    });
    await fc.assert(property, parameters('reverse'));
  }).timeout(60_000);
});
