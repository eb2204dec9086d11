import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';
import { checkViolation, rejectsWith } from '../support/rejects.ts';

describe('reserve', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const reserve = (owner: string, minor: bigint, key = someKey('reserve')) =>
    bench.ledger.reserve({ key, cause: because('reserve'), owner, amount: money(minor, asset), ttlMs: 60_000 });

  it('holds an amount and leaves the rest available', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    const key = someKey('reserve');
    const answer = await reserve(anna, 30n, key);
    assert.equal(answer.outcome, 'held');
    assert.partialDeepStrictEqual(answer, { holdKey: key, amountMinor: '30', availableMinor: '70', replayed: false });
    assert.deepEqual([await bench.available(anna), await bench.held(anna)], [70n, 30n]);
  });

  it('takes the last minor unit and refuses one more', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    assert.equal((await reserve(anna, 100n)).outcome, 'held');
    assert.deepEqual(await reserve(anna, 1n), {
      outcome: 'insufficient_funds',
      requiredMinor: '1',
      availableMinor: '0',
      replayed: false,
    });
  });

  it('refuses a person who has no wallet', async () => {
    const answer = await reserve(randomUUID(), 1n);
    assert.equal(answer.outcome, 'insufficient_funds');
  });

  it('records no refusal: the same key succeeds once there is money', async () => {
    const anna = randomUUID();
    const key = someKey('reserve');
    assert.equal((await reserve(anna, 10n, key)).outcome, 'insufficient_funds');
    await bench.give(anna, 10n);
    const second = await reserve(anna, 10n, key);
    assert.deepEqual([second.outcome, second.replayed], ['held', false]);
  });

  it('gives the first answer again for the same key', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    const key = someKey('reserve');
    const first = await reserve(anna, 40n, key);
    await reserve(anna, 40n);
    assert.deepEqual(await reserve(anna, 40n, key), { ...first, replayed: true });
    assert.equal(await bench.held(anna), 80n);
  });

  it('answers key_conflict for another amount or another person, and shows nothing of the first', async () => {
    const anna = randomUUID();
    const boris = randomUUID();
    await bench.give(anna, 100n);
    await bench.give(boris, 100n);
    const key = someKey('reserve');
    await reserve(anna, 40n, key);
    const conflict = { outcome: 'key_conflict', replayed: false };
    assert.deepEqual(await reserve(anna, 41n, key), conflict);
    assert.deepEqual(await reserve(boris, 40n, key), conflict);
    assert.equal(await bench.held(boris), 0n);
  });

  it('shares one space of keys with all verbs', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    const key = someKey('shared');
    await reserve(anna, 40n, key);
    assert.equal((await bench.ledger.release({ key, holdKey: key, cause: because('x') })).outcome, 'key_conflict');
    assert.equal((await bench.ledger.extend({ key, holdKey: key, ttlMs: 1_000 })).outcome, 'key_conflict');
  });

  it('refuses a hold that would never live', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    for (const ttlMs of [0, -1]) {
      const request = { key: someKey(), cause: because('reserve'), owner: anna, amount: money(1n, asset), ttlMs };
      await rejectsWith(checkViolation, bench.ledger.reserve(request));
    }
  });
});
