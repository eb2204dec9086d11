import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { money } from '../../core/money.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { asset, because, someKey } from '../support/ledger.ts';
import { freshSeed, scaled } from '../support/scale.ts';

const clients = 64;

describe('the ledger under many hands', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench({ poolSize: 24, acquireTimeoutMs: 60_000 });
  });
  after(() => bench.close());

  const transfer = (from: string, to: string, minor: bigint) =>
    bench.ledger.transfer({ key: someKey(), cause: because('move'), from, to, amount: money(minor, asset) });
  const reserve = (owner: string, minor: bigint, key = someKey('reserve')) =>
    bench.ledger.reserve({ key, cause: because('reserve'), owner, amount: money(minor, asset), ttlMs: 60_000 });
  const deadlocks = async () => {
    const { rows } = await bench.owner.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(rows[0]?.deadlocks);
  };

  it('L1: keeps the total while 20 clients transfer at random, and no reader ever sees another', async () => {
    const people = Array.from({ length: 8 }, () => randomUUID());
    for (const person of people) await bench.give(person, 100n);
    const random = fc.sample(fc.tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 1, max: 120 })), {
      numRuns: scaled(4_000),
      seed: freshSeed('L1'),
    });
    let isOver = false;
    const reader = async () => {
      let reads = 0;
      for (; !isOver || reads === 0; reads += 1) {
        const { rows } = await bench.owner.query<{ total: string; lowest: string; wallets: string }>(
          `SELECT sum(available_minor) AS total, min(available_minor) AS lowest, count(*) AS wallets
           FROM ledger.wallet_balance WHERE owner_id = ANY ($1)`,
          [people],
        );
        assert.deepEqual([rows[0]?.total, rows[0]?.wallets], ['800', '8']);
        assert.ok(Number(rows[0]?.lowest) >= 0);
      }
    };
    const reading = reader();
    await inParallel(20, random, async ([from, to, minor]) => {
      await transfer(people[from] ?? '', people[to] ?? '', BigInt(minor));
    });
    isOver = true;
    await reading;
  }).timeout(120_000);

  it('L2: moves money both ways between two people from 64 clients without a deadlock', async () => {
    const [anna, boris] = [randomUUID(), randomUUID()];
    for (const person of [anna, boris]) await bench.give(person, 10_000n);
    const before = await deadlocks();
    const turns = Array.from({ length: scaled(10_000) }, (_, turn) => turn % 2 === 0);
    await inParallel(clients, turns, (isForth) => transfer(isForth ? anna : boris, isForth ? boris : anna, 1n));
    assert.equal(await deadlocks(), before);
    assert.equal((await bench.available(anna)) + (await bench.available(boris)), 20_000n);
  }).timeout(120_000);

  it('L3: lets nobody overspend out of an account that is only being made', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [anna, boris] = [randomUUID(), randomUUID()];
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, () => transfer(anna, boris, 60n)),
        bench.give(anna, 100n),
        ...Array.from({ length: 10 }, () => transfer(anna, boris, 60n)),
      ]);
      const moved = answers.filter((answer) => typeof answer === 'object' && answer.outcome === 'transferred').length;
      assert.ok(moved <= 1, `${moved} transfers of 60 out of 100`);
      assert.equal(await bench.available(boris), BigInt(moved) * 60n);
    }
  });

  it('S8: gives one of two parallel purchases the money and the other a refusal', async () => {
    await inParallel(8, Array.from({ length: scaled(1_000) }), async () => {
      const anna = randomUUID();
      await bench.give(anna, 10n);
      const outcomes = (await Promise.all([reserve(anna, 10n), reserve(anna, 10n)])).map((answer) => answer.outcome);
      assert.deepEqual(outcomes.toSorted(), ['held', 'insufficient_funds']);
    });
  }).timeout(120_000);

  it('S9: holds once for 50 purchases under one key, and answers them alike', async () => {
    const anna = randomUUID();
    await bench.give(anna, 100n);
    const key = someKey('reserve');
    const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(anna, 10n, key)));
    assert.equal(new Set(answers.map((answer) => JSON.stringify({ ...answer, replayed: true }))).size, 1);
    assert.equal(await bench.held(anna), 10n);
  });

  it('S14: lets exactly one win when a hold expires in the very moment of its capture', async () => {
    for (let round = 0; round < scaled(300); round += 1) {
      const anna = randomUUID();
      await bench.give(anna, 10n);
      const holdKey = await bench.hold(anna, 10n, { ttlMs: 1 });
      const answers = await Promise.all([
        bench.ledger.capture({ key: someKey(), holdKey, amountMinor: 10n, cause: because('capture') }),
        bench.ledger.expire({ key: someKey(), holdKey, cause: because('expire') }),
        bench.ledger.release({ key: someKey(), holdKey, cause: because('release') }),
      ]);
      const winners = answers.filter((answer) => ['captured', 'expired', 'released'].includes(answer.outcome));
      assert.equal(winners.length, 1, JSON.stringify(answers));
      for (const loser of answers) {
        assert.match(loser.outcome, /^(captured|expired|released|not_due|already_(captured|expired|released))$/);
      }
      assert.equal(await bench.available(anna), winners[0]?.outcome === 'captured' ? 0n : 10n);
    }
  }).timeout(60_000);

  it('leaves books in which the audit finds nothing', async () => {
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  });
});

/** Works through a list with so many hands. */
async function inParallel<T>(hands: number, list: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: hands }, async () => {
      while (next < list.length) {
        const item = list[next] as T;
        next += 1;
        await work(item);
      }
    }),
  );
}
