import { createHash, randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { ChainWallet, StarDelivery, StarsProvider } from '../../providers/ports.ts';

/** How the provider and the chain behave; changed by a test between two steps. */
export interface StarCounterMood {
  /** Why nobody gets a quote; absent: everybody does. */
  refusal?: string;
  /** Nanotons for one Star; a month of Premium costs as much as a hundred. */
  nanoPerStar: bigint;
  /** What it says to nobody in particular; absent: the same. */
  guideNanoPerStar?: bigint;
  /** No payment request is made: orders stay where nothing is signed. */
  isSlow: boolean;
  /** The chain has not decided yet. */
  isChainSlow: boolean;
  /** What is paid appears in the provider's history. */
  delivers: boolean;
  /** What becomes of the payment cannot be found out: the order is parked. */
  isLost: boolean;
}

const address = `0:${'cd'.repeat(32)}`;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Who delivers Stars, and our wallet, in the test's own process behind the ports of the activities: for tests of what
 * stands before them. Provider and chain themselves have simulators and tests of their own.
 */
export function createStarCounter() {
  const usual: StarCounterMood = {
    nanoPerStar: 10_000_000n,
    isSlow: false,
    isChainSlow: false,
    delivers: true,
    isLost: false,
  };
  const mood: StarCounterMood = { ...usual };
  const requests = new Map<string, Omit<StarDelivery, 'at'>>();
  const history: StarDelivery[] = [];
  let seqno = 0;

  const priceOf = ({ kind, quantity }: { kind: string; quantity: number }): bigint =>
    mood.nanoPerStar * BigInt(quantity) * (kind === 'premium' ? 100n : 1n);
  const notNow = { outcome: 'not_sent', reason: 'rate_limited', retryAfterMs: 200 } as const;

  const stars: StarsProvider = {
    name: 'fragment',
    quote(item) {
      const { refusal } = mood;
      if (refusal !== undefined) return Promise.resolve({ outcome: 'refused', code: refusal, message: refusal });
      const recipientName = `${item.recipient.slice(0, 1).toUpperCase()}${item.recipient.slice(1)} <3`;
      return Promise.resolve({ outcome: 'done', value: { recipientName, priceNano: priceOf(item) } });
    },
    guidePrice: (quantity) =>
      Promise.resolve({ outcome: 'done', value: (mood.guideNanoPerStar ?? mood.nanoPerStar) * BigInt(quantity) }),
    prepare({ kind, quantity, recipient }) {
      if (mood.isSlow) return Promise.resolve(notNow);
      const requestId = randomUUID();
      const amountNano = priceOf({ kind, quantity });
      requests.set(requestId, { kind, quantity, recipient, amountNano });
      const payload = Buffer.from(requestId);
      return Promise.resolve({
        outcome: 'done',
        value: {
          requestId,
          ref: `Ref#${requestId.slice(0, 9)}`,
          destination: `0:${'ab'.repeat(32)}`,
          amountNano,
          payload: payload.toString('base64'),
          bodyHash: hashOf(payload),
          validUntil: Math.floor(Date.now() / 1000) + 3_600,
        },
      });
    },
    confirm({ requestId }) {
      if (mood.isLost) throw ApplicationFailure.nonRetryable('the history cannot be read', 'history_lost');
      const request = requests.get(requestId);
      if (request !== undefined && mood.delivers) history.push({ ...request, at: new Date().toISOString() });
      return Promise.resolve({ outcome: 'done', value: null });
    },
    listDeliveries: ({ kind }) =>
      Promise.resolve({ outcome: 'done', value: history.filter((line) => line.kind === kind) }),
    refreshSession: () => Promise.resolve({ outcome: 'done', value: { loggedIn: true } }),
  };

  const wallet: ChainWallet = {
    name: 'test',
    address,
    transfersMax: 4,
    readState: () =>
      Promise.resolve({
        outcome: 'done',
        value: {
          isDeployed: true,
          seqno,
          balanceNano: 1_000_000_000_000_000n,
          chainTime: Math.floor(Date.now() / 1000),
        },
      }),
    sign(request) {
      const boc = Buffer.from(JSON.stringify({ ...request, transfers: request.transfers.map((one) => one.payload) }));
      return { boc, rawHash: hashOf(boc), normalizedHash: hashOf(boc) };
    },
    send: () => Promise.resolve({ outcome: 'done', value: null }),
    judge(message) {
      if (mood.isChainSlow) {
        return Promise.resolve({ outcome: 'done', value: { verdict: 'undecided', resend: false, evidence: {} } });
      }
      seqno = message.seqno + 1;
      const paid = message.transfers.map((_, position) => position);
      return Promise.resolve({ outcome: 'done', value: { verdict: 'executed', paid, evidence: {} } });
    },
  };

  return {
    stars: [stars],
    wallet,
    mood,
    /** Everything goes well again. */
    calm(): void {
      delete mood.refusal;
      delete mood.guideNanoPerStar;
      Object.assign(mood, usual);
    },
  };
}

export type StarCounter = ReturnType<typeof createStarCounter>;
