import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { money } from '../../core/money.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { asset, because } from '../support/ledger.ts';
import { freshSeed, scaled } from '../support/scale.ts';
import { type ModelBucket, ModelLedger } from './model.ts';

const people = 3;
const commandsPerRun = 100;

/** One command of a random life; `key` is drawn from few, so that keys repeat and collide. */
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constant('credit' as const), ...some(), bucket: bucket(), days: days() }),
  },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('reserve' as const), ...some() }) },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('capture' as const), ...some() }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('release' as const), ...some() }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('transfer' as const), ...some() }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('reverse' as const), ...some() }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function some() {
  return {
    key: fc.nat(60),
    person: fc.nat(people - 1),
    other: fc.nat(people - 1),
    amount: fc.bigInt(1n, 60n),
    target: fc.nat(60),
  };
}
function bucket(): fc.Arbitrary<ModelBucket> {
  return fc.constantFrom('free', 'plan', 'promo', 'paid');
}
function days() {
  return fc.constantFrom(1, 2, Infinity);
}

describe('the ledger against a model of it', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench();
  });
  after(() => bench.close());

  it('L13: gives the same answers and the same balances as the model for 10,000 random commands', async () => {
    let run = 0;
    const life = fc.asyncProperty(
      fc.array(command, { minLength: 1, maxLength: commandsPerRun, size: 'max' }),
      async (commands) => {
        run += 1;
        const world = createWorld(bench, run);
        for (const [step, one] of commands.entries()) {
          const { expected, actual } = await world.apply(one);
          assert.equal(actual, expected, `step ${step}: ${one.verb}`);
        }
        await world.compareBalances();
      },
    );
    const lives = Math.ceil(scaled(10_000) / (commandsPerRun / 2));
    await fc.assert(life, { numRuns: lives, seed: freshSeed('L13') });
  }).timeout(600_000);

  it('L13: leaves books in which the audit finds nothing', async () => {
    assert.deepEqual(await bench.audit(ledgerChecks), []);
  });
});

/** A model and a ledger side by side; every run has people and keys of its own in the same database. */
function createWorld({ ledger, reads }: AuditBench, run: number) {
  const model = new ModelLedger(people);
  const transferIds: bigint[] = [];
  const started = Date.now();
  const personId = (person: number) => idOf(`${run}/${person}`);
  const keyOf = (key: number) => `model/${run}/${key}`;
  const expiry = (inDays: number) =>
    inDays === Infinity ? {} : { expiresAt: new Date(started + inDays * 86_400_000).toISOString() };

  async function ask(one: Command): Promise<{ outcome: string; transferId?: string; replayed: boolean }> {
    const named = { key: keyOf(one.key), cause: because(one.verb) };
    const amount = money(one.amount, asset);
    const holdKey = keyOf(one.target);
    switch (one.verb) {
      case 'credit': {
        const lot = { bucket: one.bucket, source: `issued:${asset}`, ...expiry(one.days) };
        return ledger.credit({ ...named, owner: personId(one.person), amount, ...lot });
      }
      case 'reserve':
        return ledger.reserve({ ...named, owner: personId(one.person), amount, ttlMs: 3_600_000 });
      case 'capture':
        return ledger.capture({ ...named, holdKey, amountMinor: one.amount });
      case 'release':
        return ledger.release({ ...named, holdKey });
      case 'transfer':
        return ledger.transfer({ ...named, from: personId(one.person), to: personId(one.other), amount });
      case 'reverse':
        return ledger.reverse({ ...named, transferId: transferIds[one.target] ?? 999_999_999n });
    }
  }

  function expect(one: Command): string {
    const { verb, person, other, amount, target } = one;
    const key = keyOf(one.key);
    switch (verb) {
      case 'credit': {
        const lot = { bucket: one.bucket, days: one.days };
        return model.keyed(key, `${verb} ${person} ${amount} ${one.bucket} ${one.days}`, () =>
          model.credit(person, amount, lot),
        );
      }
      case 'reserve':
        return model.keyed(key, `${verb} ${person} ${amount}`, () => model.reserve(key, person, amount));
      case 'capture':
        return model.keyed(key, `${verb} ${target} ${amount}`, () => model.capture(keyOf(target), amount));
      case 'release':
        return model.keyed(key, `${verb} ${target}`, () => model.release(keyOf(target)));
      case 'transfer':
        // Refused before its key is looked at.
        if (person === other) return 'same_owner';
        return model.keyed(key, `${verb} ${person} ${other} ${amount}`, () => model.transfer(person, other, amount));
      case 'reverse': {
        const place = target < transferIds.length ? target : -1;
        return model.keyed(key, `${verb} ${place}`, () => model.reverse(place));
      }
    }
  }

  return {
    async apply(one: Command): Promise<{ expected: string; actual: string }> {
      const expected = expect(one);
      const answer = await ask(one);
      if (answer.transferId !== undefined && !answer.replayed && answer.outcome !== 'already_reversed') {
        transferIds.push(BigInt(answer.transferId));
      }
      return { expected, actual: answer.outcome };
    },
    async compareBalances(): Promise<void> {
      for (let person = 0; person < people; person += 1) {
        const [wallet] = await reads.wallets(personId(person));
        const actual = [wallet?.availableMinor ?? 0n, wallet?.heldMinor ?? 0n];
        assert.deepEqual(actual, [model.available(person), model.held(person)], `person ${person}`);
        const lots = new Map<string, bigint>();
        for (const lot of await reads.buckets(personId(person))) {
          const inDays =
            lot.expiresAt === null ? Infinity : Math.round((Date.parse(lot.expiresAt) - started) / 86_400_000);
          lots.set(`${lot.bucket} ${inDays}`, lot.availableMinor);
        }
        const modelLots = (model.wallets[person] ?? []).filter((lot) => lot.balance > 0n);
        assert.deepEqual(lots, new Map(modelLots.map((lot) => [`${lot.bucket} ${lot.days}`, lot.balance - lot.held])));
      }
    },
  };
}

/** A UUID made of a name, so that a run can be repeated. */
function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
