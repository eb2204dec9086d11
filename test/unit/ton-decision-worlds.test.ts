import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Decision,
  type DecisionRules,
  type Evidence,
  type ExpectedPayment,
  type SentMessage,
  decide,
} from '../../providers/ton/decision.ts';

/*
 * Worlds of a few seconds: who used the number and when, and what an observer at some moment can know of it. A block
 * stands in a main block at most `shardDelay` seconds later; the index shows its head's blocks and nothing newer.
 */

const payment: ExpectedPayment = { destination: `0:${'1'.repeat(64)}`, amountNano: 5n, bodyHash: 'aa' };
const message: SentMessage = { seqno: 3, validUntil: 4, positions: [payment] };
const shardDelay = 1;
const rules: DecisionRules = { expiryMargin: 2, indexMargin: 1, patience: 6 };

interface World {
  readonly user: 'we' | 'we, skipped' | 'somebody' | 'nobody';
  /** When the number was used. */
  readonly usedAt: number;
}

interface Look {
  /** When the wallet's block was made; undefined: not read. */
  readonly walletAt: number | undefined;
  /** How far the index had come; undefined: it did not answer. */
  readonly indexAt: number | undefined;
  readonly chainAt: number | undefined;
  readonly sendRefused: boolean;
}

function look(world: World, { walletAt, indexAt, chainAt, sendRefused }: Look): Evidence {
  const visibleFrom = world.usedAt + shardDelay;
  const isUsed = (at: number) => world.user !== 'nobody' && at >= visibleFrom;
  const shows = indexAt !== undefined && isUsed(indexAt);
  const ours = world.user === 'we' || world.user === 'we, skipped';
  const out = world.user === 'we' ? [payment] : [];
  return {
    ...(walletAt === undefined
      ? {}
      : { wallet: { state: 'active', seqno: isUsed(walletAt) ? 4 : 3, blockTime: walletAt } }),
    ...(chainAt === undefined ? {} : { chainTime: chainAt }),
    ...(indexAt === undefined
      ? {}
      : {
          index: {
            headTime: indexAt,
            transactions:
              shows && ours
                ? [
                    {
                      hash: 'ff',
                      now: world.usedAt,
                      computeOk: true,
                      actionOk: true,
                      messagesCreated: out.length,
                      skippedActions: 1 - out.length,
                      outMessages: out,
                    },
                  ]
                : [],
            ...(shows && !ours ? { seqnoUser: { transactionHash: 'ee', now: world.usedAt, messageHash: 'dd' } } : {}),
          },
        }),
    sendRefused,
  };
}

const lastSecond = 14;
const moments = Array.from({ length: lastSecond + 1 }, (_, second) => second);
const perhaps = [undefined, ...moments];

const worlds: World[] = (['we', 'we, skipped', 'somebody', 'nobody'] as const).flatMap((user) =>
  moments
    // The contract runs our message before its end alone; others have their own.
    .filter((usedAt) => (user === 'we' || user === 'we, skipped' ? usedAt < message.validUntil : true))
    .map((usedAt) => ({ user, usedAt })),
);

function* looks(): Generator<Look> {
  for (const walletAt of perhaps) {
    for (const indexAt of perhaps) {
      for (const chainAt of perhaps) {
        for (const sendRefused of [false, true]) yield { walletAt, indexAt, chainAt, sendRefused };
      }
    }
  }
}

const isFinal = ({ verdict }: Decision) => verdict === 'EXECUTED' || verdict === 'DEAD';

describe('The decision in every small world', () => {
  it('says what is true, never DEAD of a message that runs, and contradicts itself nowhere', () => {
    let count = 0;
    for (const world of worlds) {
      for (const seen of looks()) {
        const decision = decide(message, look(world, seen), rules);
        const told = JSON.stringify({ world, seen, decision });
        if (decision.verdict === 'EXECUTED') {
          const expected = world.user === 'we' ? ['PAID'] : ['NOT_PAID'];
          assert.ok(world.user === 'we' || world.user === 'we, skipped', told);
          assert.deepEqual(decision.positions, expected, told);
        }
        if (decision.verdict === 'DEAD') assert.ok(world.user === 'somebody' || world.user === 'nobody', told);
        if (decision.verdict === 'ASK_A_PERSON') assert.equal(decision.why, 'undecided_too_long', told);
        count += 1;
      }
    }
    assert.ok(count > 100_000, `${count} looks`);
  });

  it('never turns round: fresher evidence keeps PAID and NOT_PAID, and makes neither out of DEAD', () => {
    const world = fc.constantFrom(...worlds);
    const moment = fc.option(fc.integer({ min: 0, max: lastSecond }), { nil: undefined });
    const seen = fc.record({ walletAt: moment, indexAt: moment, chainAt: moment, sendRefused: fc.boolean() });
    const later = fc.record({ wallet: fc.nat(6), index: fc.nat(6), chain: fc.nat(6) });
    fc.assert(
      fc.property(world, seen, later, (one, first, delay) => {
        const before = decide(message, look(one, first), rules);
        if (!isFinal(before)) return;
        const fresher = {
          walletAt: first.walletAt === undefined ? lastSecond : first.walletAt + delay.wallet,
          indexAt: first.indexAt === undefined ? lastSecond : first.indexAt + delay.index,
          chainAt: (first.chainAt ?? 0) + delay.chain,
          sendRefused: first.sendRefused,
        };
        const after = decide(message, look(one, fresher), rules);
        // A number that is used after a message died (our next one does it) only hides that it died: see `decide`.
        if (before.verdict === 'EXECUTED') assert.deepEqual(after, before);
        else assert.notEqual(after.verdict, 'EXECUTED');
      }),
      { numRuns: 2_000 },
    );
  });

  it('decides in every world in the end, although the index is always behind the node', () => {
    const lag = 2;
    const now = lastSecond + shardDelay + rules.indexMargin + lag;
    for (const world of worlds) {
      const seen = { walletAt: now, indexAt: now - lag, chainAt: now, sendRefused: false };
      assert.ok(isFinal(decide(message, look(world, seen), rules)), JSON.stringify(world));
    }
  });

  it('sends again only while the number is unused and the end is ahead', () => {
    for (const world of worlds) {
      for (const seen of looks()) {
        if (decide(message, look(world, seen), rules).verdict !== 'RESEND') continue;
        assert.ok(seen.walletAt !== undefined && seen.walletAt < message.validUntil);
        assert.ok(!seen.sendRefused);
      }
    }
  });
});
