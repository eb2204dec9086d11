import assert from 'node:assert/strict';
import { done, notSent, type Outcome } from '../../core/result.ts';
import type { WalletReading } from '../../providers/ton/client.ts';
import { createWalletWatch } from '../../providers/ton/wallet-watch.ts';
import { silent } from '../support/log.ts';

const reading: WalletReading = {
  state: 'active',
  seqno: 3,
  blockTime: 1_800_000_000,
  balanceNano: 12_500_000_000n,
  blockSeqno: 7,
  lastLt: 9n,
};

describe('The look at our wallet for the panel', () => {
  const watch = (readWallet: () => Promise<Outcome<WalletReading>>, goodForMs = 60_000) =>
    createWalletWatch({
      chain: { readWallet },
      wallet: () => Promise.resolve({ address: '0:ab', friendlyAddress: 'UQab', version: 'v5r1' as const }),
      logger: silent,
      now: () => new Date('2026-11-29T01:00:00Z'),
      goodForMs,
      deadlineMs: 20,
    });

  it('reads the chain once for all who look within a while', async () => {
    let asked = 0;
    const wallet = watch(() => Promise.resolve(done({ ...reading, seqno: (asked += 1) })));
    const seen = await Promise.all([wallet.look(true), wallet.look(true)]);
    assert.deepEqual(seen[0]?.read, { balanceNano: 12_500_000_000n, at: '2026-11-29T01:00:00.000Z' });
    assert.deepEqual(seen[1], seen[0]);
    assert.equal(asked, 1);
  });

  it('gives up on a chain that hangs, and names the wallet all the same', async () => {
    const seen = await watch(() => new Promise(() => undefined)).look(true);
    assert.deepEqual([seen?.address, seen?.read], ['0:ab', null]);
  });

  it('shows no balance that could not be read again', async () => {
    const answers = [done(reading), notSent('breaker_open')];
    const wallet = watch(() => Promise.resolve(answers.shift() ?? notSent('asked too often')), -1);
    assert.notEqual((await wallet.look(true))?.read, null);
    assert.equal((await wallet.look(true))?.read, null);
  });

  it('asks nothing while the chain is left alone', async () => {
    const wallet = watch(() => assert.fail('the chain was asked'));
    assert.equal((await wallet.look(false))?.read, null);
  });

  it('answers nothing where not even the wallet can be opened', async () => {
    const broken = createWalletWatch({
      chain: { readWallet: () => assert.fail('there is no wallet to read') },
      wallet: () => Promise.reject(new Error('not a phrase')),
      logger: silent,
      now: () => new Date(),
    });
    assert.equal(await broken.look(true), null);
  });
});
