import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';

describe('reverse', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const reverse = (transferId: bigint, key = someKey('reverse')) =>
    bench.ledger.reverse({ key, transferId, cause: because('refund') });

  it('takes a credit back, linked to what it undoes, and repeats its answer', async () => {
    const anna = randomUUID();
    const transferId = await bench.give(anna, 100n);
    const key = someKey('reverse');
    const answer = await reverse(transferId, key);
    assert.partialDeepStrictEqual(answer, { outcome: 'reversed', reverses: `${transferId}` });
    assert.deepEqual(await reverse(transferId, key), { ...answer, replayed: true });
    assert.equal(await bench.available(anna), 0n);
  });

  it('undoes a transfer once: another key is answered already_reversed', async () => {
    const transferId = await bench.give(randomUUID(), 100n);
    const outcomes = await Promise.all([reverse(transferId), reverse(transferId), reverse(transferId)]);
    assert.deepEqual(outcomes.map((answer) => answer.outcome).toSorted(), [
      'already_reversed',
      'already_reversed',
      'reversed',
    ]);
  });

  it('W16: refuses what the person has spent, records no refusal, and never makes a debt', async () => {
    const anna = randomUUID();
    const transferId = await bench.give(anna, 100n);
    const holdKey = await bench.hold(anna, 1n);
    const key = someKey('reverse');
    assert.deepEqual(await reverse(transferId, key), { outcome: 'insufficient_funds', replayed: false });
    assert.equal(await bench.available(anna), 99n);
    await bench.ledger.release({ key: someKey(), holdKey, cause: because('undo') });
    assert.equal((await reverse(transferId, key)).outcome, 'reversed');
  });

  it('does not take from another lot than the one that received', async () => {
    const anna = randomUUID();
    const promo = await bench.give(anna, 10n, { bucket: 'promo' });
    await bench.give(anna, 10n);
    const holdKey = await bench.hold(anna, 10n);
    await bench.ledger.capture({ key: someKey(), holdKey, amountMinor: 10n, cause: because('capture') });
    assert.equal((await reverse(promo)).outcome, 'insufficient_funds');
    assert.equal(await bench.available(anna), 10n);
  });

  it('gives a captured amount back to its lot, and lets it expire there when the lot has', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    const holdKey = await bench.hold(anna, 10n);
    const captured = await bench.ledger.capture({
      key: someKey(),
      holdKey,
      amountMinor: 10n,
      cause: because('capture'),
    });
    assert.ok('transferId' in captured);
    await bench.letLotsEnd(anna, 'promo');
    assert.equal((await reverse(BigInt(captured.transferId))).outcome, 'reversed');
    const page = await bench.reads.transactions({ owner: anna, limit: 10 });
    const kinds = page.outcome === 'page' ? page.items.map((item) => `${item.kind} ${item.amountMinor}`) : [];
    assert.deepEqual(kinds, ['expire -10', 'reverse 10', 'capture -10', 'credit 10']);
  });

  it('takes a gift back from the person who received it', async () => {
    const [anna, boris] = [randomUUID(), randomUUID()];
    await bench.give(anna, 10n);
    const request = { key: someKey(), cause: because('gift'), from: anna, to: boris, amount: money(7n, asset) };
    const gift = await bench.ledger.transfer(request);
    assert.ok('transferId' in gift);
    await reverse(BigInt(gift.transferId));
    assert.deepEqual([await bench.available(anna), await bench.available(boris)], [10n, 0n]);
  });

  it('knows no transfer that was never made, and key_conflict for another transfer under the same key', async () => {
    assert.deepEqual(await reverse(999_999_999n), { outcome: 'unknown_transfer', replayed: false });
    const key = someKey();
    await reverse(await bench.give(randomUUID(), 1n), key);
    assert.equal((await reverse(await bench.give(randomUUID(), 1n), key)).outcome, 'key_conflict');
  });
});
