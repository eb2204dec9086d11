import { Secret } from '../../../platform/secret.ts';
import { createSealer } from '../../../platform/sealer.ts';
import { createFragment } from '../../../providers/fragment/client.ts';
import type { FragmentCookies } from '../../../providers/fragment/cookies.ts';
import { createMemorySessions } from '../../../providers/fragment/memory-sessions.ts';
import { createFragmentVault } from '../../../providers/fragment/session.ts';
import { createHttp } from '../../../providers/http.ts';
import type { StarPaymentRequest } from '../../../providers/ports.ts';
import { createChainWallet } from '../../../providers/ton/chain-wallet.ts';
import { createTonChain } from '../../../providers/ton/client.ts';
import type { TonWallet } from '../../../providers/ton/wallet.ts';
import { silent } from '../../support/log.ts';
import { doneValue } from '../../support/ton.ts';
import type { Mark } from '../load.ts';

export interface BarePayerOptions {
  readonly wallet: TonWallet;
  readonly tonApiUrl: string;
  readonly fragmentUrl: string;
  readonly login: FragmentCookies;
}

interface Waiting {
  readonly payment: StarPaymentRequest;
  readonly sent: () => void;
  readonly paid: () => void;
}

const lookEveryMs = 100;
const lifetimeS = 120;

/** The same calls of provider and chain from memory: nothing is held, stored or survives a crash. */
export async function openBarePayer({ wallet, tonApiUrl, fragmentUrl, login }: BarePayerOptions) {
  const http = createHttp({ provider: 'bare', logger: silent });
  const chain = createTonChain({ apiUrl: tonApiUrl, apiKey: undefined, http, sendHttp: http });
  const vault = createFragmentVault({
    store: createMemorySessions(),
    sealer: createSealer(new Secret('a key of the bench, long enough!'), 'fragment-session'),
  });
  const fragment = createFragment({
    ...{ apiUrl: fragmentUrl, http, vault, mode: 'kyc', payTo: [] },
    wallet: () => Promise.resolve(wallet),
  });
  await vault.put(login);
  doneValue(await fragment.refreshSession());
  const hand = createChainWallet(wallet, chain);
  let queue: Waiting[] = [];
  let isPaying = false;

  /** Signs over all that waits, sends, waits until the index shows the message, and goes on. */
  async function payAll(): Promise<void> {
    while (queue.length > 0) {
      const { seqno, isDeployed, chainTime } = doneValue(await hand.readState());
      const batch = queue.slice(0, hand.transfersMax);
      queue = queue.slice(batch.length);
      const transfers = batch.map(({ payment }) => payment);
      const validUntil = chainTime + lifetimeS;
      const message = hand.sign({ seqno, validUntil, withStateInit: !isDeployed, transfers });
      await hand.send(message.boc);
      for (const { sent } of batch) sent();
      while (doneValue(await chain.findByMessage(hand.address, message.normalizedHash)).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
      for (const { paid } of batch) paid();
    }
  }

  return {
    async buy(mark: Mark): Promise<void> {
      const item = { kind: 'stars', quantity: 50, recipient: 'bob_the_cat', showSender: false } as const;
      const payment = doneValue(await fragment.prepare(item));
      const paid = Promise.withResolvers<void>();
      queue.push({ payment, sent: () => mark('sent'), paid: paid.resolve });
      if (!isPaying) {
        isPaying = true;
        void payAll()
          .catch(paid.reject)
          .finally(() => (isPaying = false));
      }
      await paid.promise;
    },
    close: () => http.close(),
  };
}
