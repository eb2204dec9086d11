import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../ledger/reads.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';
import { scaled } from '../support/scale.ts';

describe('the reads of the ledger', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  async function page(owner: string, limit: number, cursor?: string) {
    const read = await bench.reads.transactions({ owner, limit, ...(cursor === undefined ? {} : { cursor }) });
    assert.equal(read.outcome, 'page');
    return read;
  }
  const moment = async () =>
    (await bench.owner.query<{ at: string }>('SELECT clock_timestamp()::text AS at')).rows[0]?.at ?? '';

  it('tell nothing of a person who never had money', async () => {
    const nobody = randomUUID();
    assert.deepEqual(await bench.reads.wallets(nobody), []);
    assert.deepEqual(await bench.reads.buckets(nobody), []);
    assert.deepEqual(await bench.reads.holdings(nobody), []);
    assert.deepEqual(await page(nobody, 10), { outcome: 'page', items: [], nextCursor: null });
  });

  it('show wallets with their lots by one statement as the two reads do', async () => {
    const rita = randomUUID();
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await bench.give(rita, 5n, { bucket: 'promo', expiresAt: soon });
    await bench.give(rita, 7n);
    await bench.hold(rita, 6n);
    const [wallet] = await bench.reads.wallets(rita);
    const buckets = (await bench.reads.buckets(rita)).map(({ bucket, expiresAt, availableMinor }) => ({
      bucket,
      expiresAt,
      availableMinor,
    }));
    assert.deepEqual(
      buckets.map(({ availableMinor }) => availableMinor),
      [0n, 6n],
    );
    assert.deepEqual(await bench.reads.holdings(rita), [{ ...wallet, buckets }]);
  });

  it('page a history newest first, each change once, with before, after and cause', async () => {
    const anna = randomUUID();
    await bench.give(anna, 30n, { bucket: 'promo' });
    await bench.give(anna, 30n);
    for (let turn = 0; turn < 5; turn += 1) {
      const holdKey = await bench.hold(anna, turn === 0 ? 40n : 2n);
      await bench.ledger.capture({
        key: someKey(),
        holdKey,
        amountMinor: turn === 0 ? 40n : 2n,
        cause: because(`buy ${turn}`),
      });
    }
    const items: Transaction[] = [];
    for (let cursor: string | undefined; ;) {
      const { items: some, nextCursor } = await page(anna, 3, cursor);
      assert.ok(some.length <= 3);
      items.push(...some);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    assert.deepEqual(
      items.map((item) => item.amountMinor),
      [-2n, -2n, -2n, -2n, -40n, 30n, 30n],
    );
    assert.deepEqual(items.map((item) => item.cause.step).slice(0, 2), ['buy 4', 'buy 3']);
    for (const [place, item] of items.entries()) {
      assert.equal(item.balanceAfterMinor - item.balanceBeforeMinor, item.amountMinor);
      assert.equal(item.balanceBeforeMinor, items[place + 1]?.balanceAfterMinor ?? 0n);
    }
  });

  it('answer bad_cursor to a cursor that they did not give', async () => {
    for (const cursor of ['', 'x', 'dA', '1 OR 1=1', 'dDk5OTk5OTk5OTk5OTk5OTk5OTk5']) {
      assert.deepEqual(await bench.reads.transactions({ owner: randomUUID(), limit: 1, cursor }), {
        outcome: 'bad_cursor',
      });
    }
  });

  it('know the balance of a past moment, and what was held of it', async () => {
    const anna = randomUUID();
    const moments = [await moment()];
    await bench.give(anna, 100n);
    moments.push(await moment());
    const holdKey = await bench.hold(anna, 30n);
    moments.push(await moment());
    await bench.ledger.capture({ key: someKey(), holdKey, amountMinor: 20n, cause: because('capture') });
    moments.push(await moment());
    const seen = [];
    for (const at of moments) seen.push(Object.values(await bench.reads.balanceAt(anna, asset, at)));
    assert.deepEqual(seen, [
      [0n, 0n],
      [100n, 0n],
      [100n, 30n],
      [80n, 0n],
    ]);
  });

  it('know every past moment of a long history', async () => {
    const anna = randomUUID();
    const seen: { at: string; balanceMinor: bigint }[] = [{ at: await moment(), balanceMinor: 0n }];
    for (let turn = 1n; turn <= 30n; turn += 1n) {
      await bench.give(turn % 3n === 0n ? anna : randomUUID(), 1n);
      seen.push({ at: await moment(), balanceMinor: turn / 3n });
    }
    for (const { at, balanceMinor } of seen) {
      assert.equal((await bench.reads.balanceAt(anna, asset, at)).balanceMinor, balanceMinor);
    }
  });

  it('find a page by index alone, however many entries the owner and the others have', async () => {
    const anna = randomUUID();
    const crowd = Array.from({ length: 20 }, () => randomUUID());
    // In small transactions: one that updates an account a thousand times cannot prune what it leaves behind.
    for (let from = 1; from <= scaled(20_000); from += 100) {
      await bench.owner.query(
        `SELECT ledger.credit('many/' || i, CASE WHEN i % 2 = 0 THEN $1::uuid ELSE ($2::uuid[])[1 + i % 20] END,
                              'CREDIT', 1, 'paid', NULL, 'issued:CREDIT', NULL, $3)
         FROM generate_series($4::int, $4 + 99) i`,
        [anna, crowd, JSON.stringify(because('give')), from],
      );
    }
    await bench.owner.query('VACUUM ANALYZE ledger.entry, ledger.transfer, ledger.wallet');
    const { rows } = await bench.owner.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT TEXT)
       SELECT * FROM ledger.transactions_before($1, NULL, NULL, 9223372036854775807, 21)`,
      [anna],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    const buffers = /Buffers: shared hit=(\d+)/.exec(plan)?.[1];
    assert.ok(Number(buffers) < 500, plan);
    const { nextCursor } = await page(anna, 20);
    assert.equal((await page(anna, 20, nextCursor ?? '')).items.length, 20);
  }).timeout(120_000);
});
