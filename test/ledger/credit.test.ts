import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import type { CreditRequest } from '../../ledger/ledger.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';
import { checkViolation, rejectsWith } from '../support/rejects.ts';

/** 500.00 RUB for 100 CREDIT: the provider keeps 17.08, the tax is 20.00, what is left is owed as service. */
const legs = [
  { account: 'clearing:yookassa', amount: money(48_292n, 'RUB') },
  { account: 'fees:yookassa', amount: money(1_708n, 'RUB') },
  { account: 'deferred', amount: money(-48_000n, 'RUB') },
  { account: 'tax_due', amount: money(-2_000n, 'RUB') },
];

describe('credit', () => {
  let bench: LedgerBench;
  before(async () => {
    bench = await openLedgerBench();
  });
  after(() => bench.close());

  const request = (owner: string, extra: Partial<CreditRequest> = {}): CreditRequest => ({
    key: someKey('credit'),
    cause: because('credit'),
    owner,
    amount: money(100n, asset),
    bucket: 'paid',
    source: `issued:${asset}`,
    ...extra,
  });

  it('gives the money and posts the roubles of the same fact in one transfer', async () => {
    const anna = randomUUID();
    const before = await bench.reads.systemBalance('deferred', 'RUB');
    const answer = await bench.ledger.credit(request(anna, { legs }));
    assert.partialDeepStrictEqual(answer, { outcome: 'credited', amountMinor: '100', availableMinor: '100' });
    assert.equal((await bench.reads.systemBalance('deferred', 'RUB')) - before, -48_000n);
    const { rows } = await bench.owner.query<{ asset: string; sum: string }>(
      'SELECT asset, sum(amount_minor) FROM ledger.entry WHERE transfer_id = $1 GROUP BY asset ORDER BY asset',
      ['transferId' in answer ? answer.transferId : ''],
    );
    assert.deepEqual(rows, [
      { asset: 'CREDIT', sum: '0' },
      { asset: 'RUB', sum: '0' },
    ]);
  });

  it('refuses legs that do not balance, and leaves nothing half done', async () => {
    const anna = randomUUID();
    await rejectsWith(checkViolation, bench.ledger.credit(request(anna, { legs: legs.slice(1) })));
    assert.equal(await bench.available(anna), 0n);
    const { rows } = await bench.owner.query('SELECT 1 FROM ledger.wallet WHERE owner_id = $1', [anna]);
    assert.equal(rows.length, 0);
  });

  it('credits a key once, also when the second reading knows another fee', async () => {
    const anna = randomUUID();
    const first = request(anna, { legs });
    const answer = await bench.ledger.credit(first);
    const estimated = await bench.ledger.credit({ ...first, legs: [], cause: because('settle', 'settle/yookassa/1') });
    assert.deepEqual(estimated, { ...answer, replayed: true });
    assert.equal(await bench.available(anna), 100n);
  });

  for (const [what, change] of [
    ['amount', { amount: money(101n, asset) }],
    ['person', { owner: randomUUID() }],
    ['asset', { amount: money(100n, 'STC') }],
    ['bucket', { bucket: 'promo' }],
  ] as const) {
    it(`answers key_conflict for the same key with another ${what}`, async () => {
      const first = request(randomUUID());
      await bench.ledger.credit(first);
      assert.deepEqual(await bench.ledger.credit({ ...first, ...change }), {
        outcome: 'key_conflict',
        replayed: false,
      });
    });
  }

  it('gives 50 callers with one key one and the same answer', async () => {
    const anna = randomUUID();
    const same = request(anna);
    const answers = await Promise.all(Array.from({ length: 50 }, () => bench.ledger.credit(same)));
    assert.equal(answers.filter((answer) => !answer.replayed).length, 1);
    assert.equal(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: true }))).size, 1);
    assert.equal(await bench.available(anna), 100n);
  });

  it('lets one of two people win a key that both use first at the same moment', async () => {
    for (let round = 0; round < 20; round += 1) {
      const key = someKey('race');
      const outcomes = await Promise.all(
        [randomUUID(), randomUUID()].map(async (owner) => (await bench.ledger.credit(request(owner, { key }))).outcome),
      );
      assert.deepEqual(outcomes.toSorted(), ['credited', 'key_conflict']);
    }
  });

  it('keeps two clocks: when it happened outside and when it was written', async () => {
    const anna = randomUUID();
    await bench.ledger.credit(request(anna, { eventAt: '2026-01-02T03:04:05.678901Z' }));
    const page = await bench.reads.transactions({ owner: anna, limit: 1 });
    const item = page.outcome === 'page' ? page.items[0] : undefined;
    assert.equal(item?.eventAt, '2026-01-02T03:04:05.678901Z');
    assert.notEqual(item?.recordedAt, item?.eventAt);
  });

  it('refuses a cause that does not say which workflow, step and actor', async () => {
    const statement = bench.owner.query('SELECT ledger.credit($1, $2, $3, 1, $4, NULL, $5, NULL, $6)', [
      someKey(),
      randomUUID(),
      asset,
      'paid',
      `issued:${asset}`,
      '{"step": "credit"}',
    ]);
    await rejectsWith(checkViolation, statement);
  });
});
