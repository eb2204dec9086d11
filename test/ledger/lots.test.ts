import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import type { Bucket } from '../../ledger/ledger.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('the lots of a wallet', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const held = async (person: string) =>
    (await bench.reads.buckets(person)).map((lot) => [lot.bucket, lot.heldMinor] as const);
  const capture = (holdKey: string, amountMinor: bigint) =>
    bench.ledger.capture({ key: someKey('capture'), holdKey, cause: because('capture'), amountMinor });
  const release = (holdKey: string) =>
    bench.ledger.release({ key: someKey('release'), holdKey, cause: because('undo') });
  const kinds = async (person: string) => {
    const page = await bench.reads.transactions({ owner: person, limit: 20 });
    assert.equal(page.outcome, 'page');
    return page.items.map((item) => `${item.kind} ${item.amountMinor}`);
  };

  it('lends soonest-expiring first, then free, plan, promo, paid', async () => {
    const anna = randomUUID();
    for (const bucket of ['paid', 'promo', 'plan', 'free'] as const) await bench.give(anna, 10n, { bucket });
    await bench.give(anna, 10n, { bucket: 'paid', expiresAt: inHours(2) });
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt: inHours(1) });
    await bench.hold(anna, 45n);
    assert.deepEqual(await held(anna), [
      ['promo', 10n],
      ['paid', 10n],
      ['free', 10n],
      ['plan', 10n],
      ['promo', 5n],
      ['paid', 0n],
    ]);
  });

  it('puts money of one bucket and expiry into one lot', async () => {
    const anna = randomUUID();
    const expiresAt = inHours(1);
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt });
    await bench.give(anna, 5n, { bucket: 'promo', expiresAt });
    assert.deepEqual(
      (await bench.reads.buckets(anna)).map((lot) => lot.balanceMinor),
      [15n],
    );
  });

  it('captures from the lots in the order of drawing and returns the rest to where it came from', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n, { bucket: 'free' });
    await bench.give(anna, 10n, { bucket: 'paid' });
    await capture(await bench.hold(anna, 15n), 12n);
    const left = (await bench.reads.buckets(anna)).map((lot) => [lot.bucket, lot.availableMinor]);
    assert.deepEqual(left, [['paid', 8n]]);
  });

  it('counts an expired lot for nothing, swept or not', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt: inHours(1) });
    await bench.letLotsEnd(anna, 'promo');
    assert.equal(await bench.available(anna), 0n);
    const request = { key: someKey(), cause: because('reserve'), owner: anna, amount: money(1n, asset), ttlMs: 1_000 };
    assert.equal((await bench.ledger.reserve(request)).outcome, 'insufficient_funds');
  });

  it('captures from a lot that has expired under the hold', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt: inHours(1) });
    const holdKey = await bench.hold(anna, 10n);
    await bench.letLotsEnd(anna, 'promo');
    assert.equal((await capture(holdKey, 10n)).outcome, 'captured');
    assert.deepEqual(await kinds(anna), ['capture -10', 'credit 10']);
  });

  for (const [ending, kept] of [
    ['release', 0n],
    ['partial capture', 4n],
  ] as const) {
    it(`writes the expiry together with a ${ending} into an expired lot`, async () => {
      const anna = randomUUID();
      await bench.give(anna, 10n, { bucket: 'promo', expiresAt: inHours(1) });
      const holdKey = await bench.hold(anna, 10n);
      await bench.letLotsEnd(anna, 'promo');
      await (kept === 0n ? release(holdKey) : capture(holdKey, kept));
      assert.equal((await kinds(anna))[0], `expire ${kept - 10n}`);
      assert.deepEqual([await bench.available(anna), await bench.held(anna)], [0n, 0n]);
      assert.equal((await bench.reads.transactions({ owner: anna, limit: 1 }).then(first))?.balanceAfterMinor, 0n);
    });
  }

  it('takes only what is not held when a lot expires', async () => {
    const anna = randomUUID();
    await bench.give(anna, 10n, { bucket: 'plan', expiresAt: inHours(1) });
    const holdKey = await bench.hold(anna, 4n);
    await bench.letLotsEnd(anna, 'plan');
    await expireLots();
    assert.deepEqual(await kinds(anna), ['expire -6', 'credit 10']);
    assert.equal((await capture(holdKey, 4n)).outcome, 'captured');
  });

  it('refuses money that would be born expired', async () => {
    const answer = await credit(randomUUID(), 'promo', inHours(-1));
    assert.deepEqual(answer, { outcome: 'already_expired', replayed: false });
  });

  it('moves money between people with its bucket and expiry', async () => {
    const [anna, boris] = [randomUUID(), randomUUID()];
    const expiresAt = inHours(1);
    await bench.give(anna, 10n, { bucket: 'promo', expiresAt });
    await bench.give(anna, 10n);
    const request = {
      key: someKey('transfer'),
      cause: because('gift'),
      from: anna,
      to: boris,
      amount: money(15n, asset),
    };
    const answer = await bench.ledger.transfer(request);
    assert.equal(answer.outcome, 'transferred');
    assert.deepEqual(await bench.ledger.transfer(request), { ...answer, replayed: true });
    const lots = (await bench.reads.buckets(boris)).map((lot) => [
      lot.bucket,
      lot.availableMinor,
      lot.expiresAt !== null,
    ]);
    assert.deepEqual(lots, [
      ['promo', 10n, true],
      ['paid', 5n, false],
    ]);
    assert.equal(
      (await bench.ledger.transfer({ ...request, key: someKey(), amount: money(6n, asset) })).outcome,
      'insufficient_funds',
    );
    assert.equal((await bench.ledger.transfer({ ...request, key: someKey(), to: anna })).outcome, 'same_owner');
    assert.equal((await bench.ledger.transfer({ ...request, to: randomUUID() })).outcome, 'key_conflict');
  });

  function first(page: Awaited<ReturnType<LedgerBench['reads']['transactions']>>) {
    return page.outcome === 'page' ? page.items[0] : undefined;
  }
  const expireLots = () =>
    bench.owner.query('SELECT ledger.expire_due_lots(100, $1)', [JSON.stringify(because('sweep'))]);
  const credit = (owner: string, bucket: Bucket, expiresAt: string) =>
    bench.ledger.credit({
      key: someKey(),
      cause: because('give'),
      owner,
      amount: money(1n, asset),
      bucket,
      expiresAt,
      source: `issued:${asset}`,
    });
});
