import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { asset, because, type LedgerBench, openLedgerBench, someKey } from '../support/ledger.ts';
import { checkViolation, invalidText, numericOutOfRange, rejectsWith } from '../support/rejects.ts';

const int8Max = 2n ** 63n - 1n;

describe('amounts', () => {
  let bench: LedgerBench;
  let anna: string;
  before(async () => {
    bench = await openLedgerBench();
  });
  beforeEach(async () => {
    anna = randomUUID();
    await bench.give(anna, 100n);
  });
  after(() => bench.close());

  const credit = (owner: string, minor: bigint) =>
    bench.ledger.credit({
      ...{ key: someKey(), cause: because('give'), owner, amount: money(minor, asset) },
      ...{ bucket: 'paid', source: `issued:${asset}` },
    });
  const verbs = {
    reserve: (minor: bigint) =>
      bench.ledger.reserve({
        key: someKey(),
        cause: because('x'),
        owner: anna,
        amount: money(minor, asset),
        ttlMs: 1_000,
      }),
    credit: (minor: bigint) => credit(anna, minor),
    transfer: (minor: bigint) =>
      bench.ledger.transfer({
        ...{ key: someKey(), cause: because('x'), from: anna, to: randomUUID() },
        amount: money(minor, asset),
      }),
    capture: async (minor: bigint) => {
      const holdKey = await bench.hold(anna, 10n);
      return bench.ledger.capture({ key: someKey(), cause: because('x'), holdKey, amountMinor: minor });
    },
  };

  for (const [verb, ask] of Object.entries(verbs)) {
    for (const minor of [0n, -1n, -int8Max]) {
      it(`L9: ${verb} refuses ${minor}`, () => rejectsWith(checkViolation, ask(minor)));
    }

    it(`L9: ${verb} refuses what is beyond int8`, () => rejectsWith(numericOutOfRange, ask(int8Max + 1n)));
  }

  it('L9: keeps every digit above 2^53', async () => {
    const boris = randomUUID();
    await credit(boris, 2n ** 53n + 1n);
    const holdKey = await bench.hold(boris, 2n ** 53n - 1n);
    await bench.ledger.capture({ key: someKey(), holdKey, amountMinor: 2n ** 53n - 1n, cause: because('x') });
    assert.equal(await bench.available(boris), 2n);
  });

  it('L9: refuses a credit that would lift a wallet beyond int8, and the wallet stays usable', async () => {
    const boris = randomUUID();
    await credit(boris, int8Max);
    await rejectsWith(numericOutOfRange, credit(boris, 1n));
    assert.equal(await bench.available(boris), int8Max);
    assert.ok(await bench.hold(boris, int8Max));
  });

  for (const text of ['1.5', '1e3', 'ten', '', ' 1; DROP TABLE ledger.entry']) {
    it(`L9: refuses the text ${JSON.stringify(text)}`, () =>
      rejectsWith(
        invalidText,
        bench.owner.query('SELECT ledger.reserve($1, $2, $3, $4, $5, $6)', [
          someKey(),
          anna,
          asset,
          text,
          '1 hour',
          JSON.stringify(because('x')),
        ]),
      ));
  }

  it('L9: refuses no amount at all', () =>
    rejectsWith(
      checkViolation,
      bench.owner.query("SELECT ledger.reserve($1, $2, $3, NULL, '1 hour', '{}')", [someKey(), anna, asset]),
    ));

  it('L9: knows no currency that is not in the table, and spends one asset never for another', async () => {
    const foreign = bench.owner.query("SELECT ledger.credit($1, $2, 'EUR', 5, 'paid', NULL, 'issued:EUR', NULL, $3)", [
      someKey(),
      anna,
      JSON.stringify(because('x')),
    ]);
    await rejectsWith(checkViolation, foreign);
    const inStars = { key: someKey(), cause: because('x'), owner: anna, amount: money(1n, 'XTR'), ttlMs: 1_000 };
    assert.equal((await bench.ledger.reserve(inStars)).outcome, 'insufficient_funds');
  });
});
