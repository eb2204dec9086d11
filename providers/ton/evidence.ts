import type { ChainTransaction, TonChain } from './client.ts';
import type { Evidence, SeqnoUser, SentMessage } from './decision.ts';
import { usedSeqno } from './schema.ts';
import type { WalletVersion } from './wallet.ts';

/** A stored message, with what is needed to look for it. */
export interface StoredTonMessage extends SentMessage {
  readonly walletAddress: string;
  readonly version: WalletVersion;
  readonly normalisedHash: string;
  /** Logical time of the wallet's newest transaction at the signing; absent: the newest are read. */
  readonly signedAfterLt?: bigint;
}

const pageSize = 100;
const pagesMax = 10;

/**
 * Looks at the chain for what `decide` needs: the wallet, then how far the index has come, then our message, then,
 * where that is not found, who else used the number. What does not answer is left out; nothing here throws for it.
 */
export async function gatherEvidence(
  chain: TonChain,
  message: StoredTonMessage,
  before: Pick<Evidence, 'sendRefused'> = {},
): Promise<Evidence> {
  const wallet = await chain.readWallet(message.walletAddress, message.version);
  const index = await lookIntoIndex(chain, message);
  return {
    ...before,
    ...(wallet.outcome === 'done' ? { wallet: wallet.value } : {}),
    ...(index ? { index } : {}),
  };
}

async function lookIntoIndex(chain: TonChain, message: StoredTonMessage): Promise<Evidence['index']> {
  const head = await chain.readIndexHead();
  if (head.outcome !== 'done') return undefined;
  const ours = await chain.findByMessage(message.walletAddress, message.normalisedHash);
  if (ours.outcome !== 'done') return undefined;
  const headTime = head.value.time;
  if (ours.value.some(isExecuted)) return { headTime, transactions: ours.value };
  // Two ways of asking one index must agree; what either of them shows is there.
  const listed = await listSinceSigning(chain, message);
  const found = new Map([...ours.value, ...listed.filter((one) => isOurs(one, message))].map((one) => [one.hash, one]));
  const user = listed.find((one) => isForeignUse(one, message));
  return {
    headTime,
    transactions: [...found.values()],
    ...(user ? { seqnoUser: describe(user) } : {}),
  };
}

/** The wallet's transactions since the signing, as far as they can be read. */
async function listSinceSigning(chain: TonChain, message: StoredTonMessage): Promise<readonly ChainTransaction[]> {
  const { walletAddress: account, signedAfterLt } = message;
  if (signedAfterLt === undefined) {
    const newest = await chain.listTransactions({ account, limit: pageSize * pagesMax });
    return newest.outcome === 'done' ? newest.value.filter((one) => one.account === account) : [];
  }
  const all: ChainTransaction[] = [];
  let fromLt = signedAfterLt + 1n;
  for (let page = 0; page < pagesMax; page += 1) {
    const listed = await chain.listTransactions({ account, fromLt, limit: pageSize });
    if (listed.outcome !== 'done') return all;
    all.push(...listed.value.filter((one) => one.account === account));
    const last = listed.value.at(-1);
    if (listed.value.length < pageSize || !last) return all;
    fromLt = last.lt + 1n;
  }
  return all;
}

function describe({ hash, now, inMessage }: ChainTransaction): SeqnoUser {
  return { transactionHash: hash, now, messageHash: inMessage.normalisedHash ?? '' };
}

function isExecuted({ computeOk, actionOk }: ChainTransaction): boolean {
  return computeOk && actionOk;
}

function isOurs({ inMessage }: ChainTransaction, message: StoredTonMessage): boolean {
  return inMessage.normalisedHash === message.normalisedHash;
}

/**
 * Orders from outside alone: the wallet ran them, so they were signed. One inside another contract's message can be
 * written by anybody, for a wallet takes such a message without a word whether its signature holds or not.
 */
function isForeignUse(transaction: ChainTransaction, message: StoredTonMessage): boolean {
  if (!isExecuted(transaction) || isOurs(transaction, message)) return false;
  if (transaction.inMessage.normalisedHash === undefined) return false;
  return usedSeqno(transaction, message.version) === message.seqno;
}
