import assert from 'node:assert/strict';
import { Cell, loadMessage } from '@ton/core';
import { done, unknown } from '../../core/result.ts';
import type { ChainTransaction, TonChain } from '../../providers/ton/client.ts';
import { decide } from '../../providers/ton/decision.ts';
import { gatherEvidence, type StoredTonMessage } from '../../providers/ton/evidence.ts';
import { signed, testWallet } from '../support/ton.ts';

const version = 'v5r1';
const to = { destination: `0:${'a'.repeat(64)}`, amountNano: 5n, bounce: false };

/** A chain on which the number 3 is used, and whose index says what a test wants. */
function chainOf(says: Partial<TonChain>): TonChain {
  const wallet = { state: 'active', seqno: 4, blockTime: 1_000, balanceNano: 1n, blockSeqno: 1, lastLt: 9n } as const;
  const never = () => Promise.reject(new Error('not asked for'));
  return {
    send: never,
    readSeqno: never,
    readTrace: never,
    findPayments: never,
    readWallet: () => Promise.resolve(done(wallet)),
    readIndexHead: () => Promise.resolve(done({ seqno: 1, time: 1_000 })),
    findByMessage: () => Promise.resolve(done([])),
    listTransactions: () => Promise.resolve(done([])),
    ...says,
  };
}

describe('The evidence about a stored message', () => {
  let ours: StoredTonMessage;
  let foreign: StoredTonMessage;
  let bodies: Cell[];
  before(async () => {
    const wallet = await testWallet(version);
    const transfers = [5n, 6n].map((amountNano) => {
      const messages = [{ ...to, amountNano }];
      return signed(wallet.sign({ seqno: 3, validUntil: 2_000, withStateInit: false, messages }));
    });
    bodies = transfers.map(({ boc }) => loadMessage(Cell.fromBoc(Buffer.from(boc))[0]!.beginParse()).body);
    const [first, second] = transfers;
    ours = { ...first!, version, signedAfterLt: 7n };
    foreign = { ...second!, version, signedAfterLt: 7n };
  });

  function transaction(message: StoredTonMessage, changes: Partial<ChainTransaction> = {}): ChainTransaction {
    return {
      account: message.walletAddress,
      hash: message.normalisedHash.slice(0, 8),
      lt: 8n,
      now: 900,
      computeOk: true,
      actionOk: true,
      messagesCreated: 1,
      skippedActions: 0,
      outMessages: [...message.positions],
      inMessage: {
        amountNano: 0n,
        bounced: false,
        bodyHash: 'b0',
        normalisedHash: message.normalisedHash,
        body: message === ours ? bodies[0]! : bodies[1]!,
      },
      ...changes,
    };
  }
  const listing = (...found: ChainTransaction[]) => chainOf({ listTransactions: () => Promise.resolve(done(found)) });
  const verdict = async (chain: TonChain) => decide(ours, await gatherEvidence(chain, ours)).verdict;

  it('takes our transaction from the account when the look-up by message does not show it', async () => {
    assert.equal(await verdict(listing(transaction(ours))), 'EXECUTED');
  });

  it('shows who else used the number', async () => {
    assert.equal(await verdict(listing(transaction(foreign))), 'DEAD');
  });

  it("takes nobody's word inside another contract's message, a failed order or another account for a use", async () => {
    const { normalisedHash: _, ...inside } = transaction(foreign).inMessage;
    const forged = { ...inside, source: to.destination };
    for (const changes of [
      { inMessage: forged },
      { actionOk: false },
      { computeOk: false },
      { account: to.destination },
    ])
      assert.equal(await verdict(listing(transaction(foreign, changes))), 'WAIT');
  });

  it('reads page by page from the signing on', async () => {
    const asked: bigint[] = [];
    const page = Array.from({ length: 100 }, (_, index) => {
      const inMessage = { ...transaction(foreign).inMessage, body: Cell.EMPTY };
      return transaction(foreign, { inMessage, lt: 10n + BigInt(index) });
    });
    const chain = chainOf({
      listTransactions: ({ fromLt = 0n }) => {
        asked.push(fromLt);
        return Promise.resolve(done(asked.length === 1 ? page : [transaction(foreign)]));
      },
    });
    assert.equal(await verdict(chain), 'DEAD');
    assert.deepEqual(asked, [8n, 110n]);
  });

  it('reads the newest where nobody wrote down when it was signed', async () => {
    const { signedAfterLt: _, ...message } = ours;
    const evidence = await gatherEvidence(listing(transaction(foreign)), message);
    assert.equal(decide(message, evidence).verdict, 'DEAD');
  });

  it('leaves out what does not answer, and decides nothing by it', async () => {
    const silent = () => Promise.resolve(unknown('time_out'));
    const parts: Partial<TonChain>[] = [
      { readWallet: silent },
      { readIndexHead: silent },
      { findByMessage: silent },
      { listTransactions: silent },
    ];
    for (const part of parts) assert.equal(await verdict(chainOf(part)), 'WAIT');
  });
});
