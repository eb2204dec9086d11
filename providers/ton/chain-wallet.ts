import { type Outcome, done, unknown } from '../../core/result.ts';
import type { ChainWallet, MessageVerdict, SignedWalletMessage, WatchedMessage } from '../ports.ts';
import type { TonChain } from './client.ts';
import { type Decision, type Evidence, decide } from './decision.ts';
import { gatherEvidence } from './evidence.ts';
import type { TonWallet } from './wallet.ts';

/**
 * Our wallet on the chain as the activities see it: signing without a network, sending, and the decision about what was
 * sent. Transfers never bounce: money for an account that is not there yet stays with it.
 */
export function createChainWallet(wallet: TonWallet, chain: TonChain): ChainWallet {
  return {
    name: 'ton',
    address: wallet.address,
    transfersMax: wallet.messagesMax,
    async readState() {
      const read = await chain.readWallet(wallet.address, wallet.version);
      if (read.outcome !== 'done') return read;
      const { state, seqno, balanceNano, blockTime } = read.value;
      if (state === 'frozen') return unknown('wallet_frozen');
      return done({ isDeployed: state === 'active', seqno, balanceNano, chainTime: blockTime });
    },
    sign({ seqno, validUntil, withStateInit, transfers }): SignedWalletMessage {
      const messages = transfers.map(({ destination, amountNano, payload: boc }) => {
        return { destination, amountNano, payload: { boc }, bounce: false };
      });
      const signing = wallet.sign({ seqno, validUntil, withStateInit, messages });
      if (!signing.ok) throw new UnsignableError(signing.problem, signing.position);
      const { boc, rawHash, normalisedHash } = signing.transfer;
      return { boc, rawHash, normalizedHash: normalisedHash };
    },
    async send(boc) {
      const sent = await chain.send(boc);
      return sent.outcome === 'done' ? done(null) : sent;
    },
    judge: (message) => judge(wallet, chain, message),
  };
}

/** A transfer that no wallet can make reached the signing: what comes from outside is proven before. */
export class UnsignableError extends Error {
  constructor(problem: string, position: number | undefined) {
    super(`the wallet cannot sign this: ${problem}${position === undefined ? '' : ` at ${position}`}`);
    this.name = 'UnsignableError';
  }
}

async function judge(
  { address, version }: TonWallet,
  chain: TonChain,
  { seqno, validUntil, normalizedHash, transfers }: WatchedMessage,
): Promise<Outcome<MessageVerdict>> {
  const stored = { seqno, validUntil, positions: transfers, walletAddress: address, version };
  const evidence = await gatherEvidence(chain, { ...stored, normalisedHash: normalizedHash });
  const decision = decide(stored, evidence);
  if (decision.verdict === 'WAIT' && decision.why === 'chain_not_read') return unknown('chain_not_read');
  return done(toVerdict(decision, forTheBooks(decision, evidence)));
}

function toVerdict(decision: Decision, evidence: object): MessageVerdict {
  switch (decision.verdict) {
    case 'EXECUTED': {
      const paid = decision.positions.flatMap((verdict, position) => (verdict === 'PAID' ? [position] : []));
      return { verdict: 'executed', paid, evidence };
    }
    case 'DEAD':
      return { verdict: 'dead', foreign: decision.why === 'foreign_use', evidence };
    case 'RESEND':
      return { verdict: 'undecided', resend: true, evidence };
    case 'WAIT':
      return { verdict: 'undecided', resend: false, evidence };
    case 'ASK_A_PERSON':
      return { verdict: 'undecided', resend: false, question: decision.why, evidence };
  }
}

/** What was decided and from what, as JSON can hold it. */
function forTheBooks(decision: Decision, { wallet, index }: Evidence): object {
  const seen = {
    decision,
    ...(wallet ? { wallet: { state: wallet.state, seqno: wallet.seqno, blockTime: wallet.blockTime } } : {}),
    ...(index ? { indexTime: index.headTime, transactions: index.transactions.map(({ hash }) => hash) } : {}),
  };
  return JSON.parse(JSON.stringify(seen)) as object;
}
