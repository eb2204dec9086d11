import assert from 'node:assert/strict';
import { createWalletActivities, type WalletDeps } from '../../activities/wallet.ts';
import { done } from '../../core/result.ts';
import type { PreparedPayment } from '../../db/wallet-messages.ts';

const wallet = `0:${'ab'.repeat(32)}`;

/** A wallet whose queue loses an order each time that a message was just made, so often; it counts the tries. */
function busyWallet({ cancels, expired }: { cancels: number; expired: readonly string[] }) {
  let tries = 0;
  const waiting: PreparedPayment = {
    ...{ id: 'payment', purchaseId: 'purchase', destination: wallet, payload: Buffer.from('body') },
    ...{ amountNano: 1n, validUntil: 2_000_000_000 },
  };
  const deps = {
    walletMessages: {
      undecided: () => Promise.resolve(null),
      nextSeqno: () => Promise.resolve(0),
      dropExpired: () => Promise.resolve(tries === 0 ? expired : []),
      prepared: () => Promise.resolve([waiting]),
      sign: () =>
        Promise.resolve((tries += 1) > cancels ? { outcome: 'signed', messageId: '7' } : { outcome: 'stale' }),
    },
    chainWallet: () =>
      Promise.resolve({
        transfersMax: 255,
        readState: () => Promise.resolve(done({ isDeployed: true, seqno: 0, balanceNano: 10n ** 12n, chainTime: 1 })),
        sign: () => ({ boc: Buffer.from('boc'), rawHash: 'raw', normalizedHash: 'normalized' }),
      }),
    failpoint: () => Promise.resolve(),
  } as unknown as WalletDeps;
  return { sign: () => createWalletActivities(deps).signNextMessage({ wallet }), tries: () => tries };
}

describe('signing the payments that wait', () => {
  it('goes on at once with the others when orders are canceled under the message', async () => {
    const { sign, tries } = busyWallet({ cancels: 8, expired: [] });
    assert.deepEqual(await sign(), { outcome: 'message', messageId: '7', dropped: [] });
    assert.equal(tries(), 9);
  });

  it('tells of the payments that ran out before another order was canceled', async () => {
    const { sign } = busyWallet({ cancels: 1, expired: ['late'] });
    assert.deepEqual(await sign(), { outcome: 'message', messageId: '7', dropped: ['late'] });
  });

  it('is tried later when orders are canceled without end', async () => {
    const { sign, tries } = busyWallet({ cancels: Number.POSITIVE_INFINITY, expired: [] });
    await assert.rejects(sign(), { type: 'message_stale' });
    assert.ok(tries() > 1);
  });
});
