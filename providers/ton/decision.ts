/** What was signed and stored; what the decision must know of it. */
export interface SentMessage {
  readonly seqno: number;
  /** Unix seconds of chain time. */
  readonly validUntil: number;
  readonly positions: readonly ExpectedPayment[];
}

/** One payment that the message carries, as the chain would show it. */
export interface ExpectedPayment {
  /** Raw address. */
  readonly destination: string;
  readonly amountNano: bigint;
  /** Hex. */
  readonly bodyHash: string;
}

/** The wallet's account as one answer of a node showed it: state, number and time belong to the same block. */
export interface SeenWallet {
  readonly state: 'active' | 'uninitialized' | 'frozen';
  readonly seqno: number;
  /** Unix seconds of that block. */
  readonly blockTime: number;
}

/** A transaction of our own wallet whose incoming message is ours, in a final block. */
export interface SeenTransaction {
  /** Hex. */
  readonly hash: string;
  readonly now: number;
  /** The code ran and its changes were kept. */
  readonly computeOk: boolean;
  /** The messages went out; those that could not were skipped. */
  readonly actionOk: boolean;
  readonly messagesCreated: number;
  readonly skippedActions: number;
  readonly outMessages: readonly ExpectedPayment[];
}

/** Somebody else's message that took our number, in a final block. */
export interface SeqnoUser {
  readonly transactionHash: string;
  readonly now: number;
  /** The normalised hash of the message that did it. */
  readonly messageHash: string;
}

/**
 * All that is known at one moment. What could not be read is absent; it never counts as "not there". The wallet is read
 * first, then how far the index has come, then what the index knows: so the index's answers are at least that fresh.
 */
export interface Evidence {
  readonly wallet?: SeenWallet;
  /** Unix seconds of the newest block that anybody told us of. */
  readonly chainTime?: number;
  /** Absent: the index did not answer whole. */
  readonly index?: {
    /** Unix seconds of the last block that the index holds. */
    readonly headTime: number;
    readonly transactions: readonly SeenTransaction[];
    readonly seqnoUser?: SeqnoUser;
  };
  /** A node said that these very bytes are wrong. No verdict, but sending them again is of no use. */
  readonly sendRefused?: boolean;
}

/** Seconds of chain time. */
export interface DecisionRules {
  /** How long after its end a message is still not taken for dead. */
  readonly expiryMargin: number;
  /** How far past somebody else's use of the number the index must have come before its silence about ours counts. */
  readonly indexMargin: number;
  /** How long after its end an undecided message waits before a person is asked. */
  readonly patience: number;
}

export const decisionRules: DecisionRules = { expiryMargin: 60, indexMargin: 10, patience: 900 };

export type PositionVerdict = 'PAID' | 'NOT_PAID';

/**
 * - `EXECUTED`: on the chain, for good. Each position is PAID (exactly this destination, amount and body left the
 *   wallet) or NOT_PAID (skipped; the number is used up, and a new payment may be built for it).
 * - `DEAD`: these bytes can never execute any more; new ones may be built. `foreign_use` is an alarm beside it:
 *   somebody else holds the wallet's keys.
 * - `RESEND`: undecided; send the same stored bytes (again) and look again. The only verdict that sends.
 * - `WAIT`: undecided; look again later.
 * - `ASK_A_PERSON`: what is seen contradicts itself, or nothing has decided it for too long. It is looked at again all
 *   the same, and may still be decided.
 */
export type Decision =
  | {
      readonly verdict: 'EXECUTED';
      readonly transactionHash: string;
      readonly executedAt: number;
      readonly positions: readonly PositionVerdict[];
    }
  | { readonly verdict: 'DEAD'; readonly why: 'expired' }
  | { readonly verdict: 'DEAD'; readonly why: 'foreign_use'; readonly usedBy: SeqnoUser }
  | { readonly verdict: 'RESEND' }
  | { readonly verdict: 'WAIT'; readonly why: WaitReason }
  | { readonly verdict: 'ASK_A_PERSON'; readonly why: Question };

export type WaitReason =
  /** The wallet could not be read. */
  | 'chain_not_read'
  /** The wallet was read from a block older than the chain's present; a younger one is needed. */
  | 'wallet_read_is_old'
  /** The end has passed, its margin not yet. */
  | 'expiry_margin'
  /** The number is used, and the index does not answer, or is not yet far enough past another use of the number. */
  | 'index_lag'
  /** The number is used; the index shows neither our message nor another one (yet). */
  | 'seqno_user_not_shown'
  /** The wallet shows an older number than the one we signed for: a node that lags. */
  | 'seqno_behind'
  /** Our message ran and was undone whole; its bytes stay valid until their end, and sending them burns gas. */
  | 'executed_in_vain'
  | 'send_refused';

export type Question =
  | 'undecided_too_long'
  | 'wallet_frozen'
  /** Two transactions of one message, or a number that went back after it was used. */
  | 'chain_contradicts_itself'
  /** The transaction is ours, but messages left the wallet that are none of the signed ones. */
  | 'other_messages_went_out';

/**
 * What became of a stored message: the only place that says PAID or DEAD. Pure: the same evidence gives the same
 * answer. EXECUTED and DEAD are for good: store them and do not ask again, for after DEAD the same number is used by
 * the next message, which would look like somebody else's. Errors of any API are no evidence, expiry is judged by the
 * time of the block in which the number was seen (never by a clock), and a number that was used says nothing by itself
 * about who used it.
 */
export function decide(message: SentMessage, evidence: Evidence, rules: DecisionRules = decisionRules): Decision {
  const executed = evidence.index?.transactions.filter(({ computeOk, actionOk }) => computeOk && actionOk) ?? [];
  const [transaction, second] = executed;
  if (second) return ask('chain_contradicts_itself');
  if (transaction) return judgeExecuted(message, transaction, { wallet: evidence.wallet, rules });
  const undecided = judgeAbsent(message, evidence, rules);
  const isPatienceOver = newestTime(evidence) > message.validUntil + rules.patience;
  return undecided.verdict === 'WAIT' && isPatienceOver ? ask('undecided_too_long') : undecided;
}

/** The newest moment of the chain that any of the evidence proves. */
function newestTime({ wallet, chainTime, index }: Evidence): number {
  return Math.max(wallet?.blockTime ?? 0, chainTime ?? 0, index?.headTime ?? 0);
}

function judgeExecuted(
  message: SentMessage,
  transaction: SeenTransaction,
  { wallet, rules }: { readonly wallet: SeenWallet | undefined; readonly rules: DecisionRules },
): Decision {
  // A block well after the transaction cannot show the number that the transaction used up. (A shard's block may
  // stand in a main block that is some seconds younger, hence the margin.)
  const isLater = wallet !== undefined && wallet.blockTime > transaction.now + rules.expiryMargin;
  if (isLater && wallet.seqno <= message.seqno) return ask('chain_contradicts_itself');
  const left = [...transaction.outMessages];
  const positions = message.positions.map((expected): PositionVerdict => {
    const index = left.findIndex((found) => isSame(expected, found));
    if (index === -1) return 'NOT_PAID';
    left.splice(index, 1);
    return 'PAID';
  });
  // Something went out that we do not recognise, or is not shown: it may be the payment that seems to be missing.
  const isWhole = left.length === 0 && transaction.outMessages.length === transaction.messagesCreated;
  if (!isWhole && positions.includes('NOT_PAID')) return ask('other_messages_went_out');
  return { verdict: 'EXECUTED', transactionHash: transaction.hash, executedAt: transaction.now, positions };
}

/** Two equal payments in one message need two messages that went out, so each found one is used once. */
function isSame(expected: ExpectedPayment, found: ExpectedPayment): boolean {
  return (
    expected.destination === found.destination &&
    expected.amountNano === found.amountNano &&
    expected.bodyHash === found.bodyHash
  );
}

function judgeAbsent(message: SentMessage, evidence: Evidence, rules: DecisionRules): Decision {
  const { wallet } = evidence;
  if (!wallet) return wait('chain_not_read');
  if (wallet.state === 'frozen') return ask('wallet_frozen');
  if (wallet.seqno > message.seqno) return judgeUsedSeqno(evidence, rules);
  if (wallet.seqno < message.seqno) return wait('seqno_behind');
  return judgeUnusedSeqno(message, evidence, { wallet, rules });
}

function judgeUsedSeqno({ index }: Evidence, rules: DecisionRules): Decision {
  if (!index) return wait('index_lag');
  const { seqnoUser, headTime } = index;
  if (!seqnoUser) return wait('seqno_user_not_shown');
  if (headTime < seqnoUser.now + rules.indexMargin) return wait('index_lag');
  return { verdict: 'DEAD', why: 'foreign_use', usedBy: seqnoUser };
}

function judgeUnusedSeqno(
  message: SentMessage,
  evidence: Evidence,
  { wallet, rules }: { readonly wallet: SeenWallet; readonly rules: DecisionRules },
): Decision {
  if (wallet.blockTime > message.validUntil + rules.expiryMargin) return { verdict: 'DEAD', why: 'expired' };
  // The contract refuses from the second of the end on.
  if (wallet.blockTime >= message.validUntil) return wait('expiry_margin');
  if (newestTime(evidence) >= message.validUntil) return wait('wallet_read_is_old');
  if (evidence.index?.transactions.length) return wait('executed_in_vain');
  return evidence.sendRefused ? wait('send_refused') : { verdict: 'RESEND' };
}

function wait(why: WaitReason): Decision {
  return { verdict: 'WAIT', why };
}

function ask(why: Question): Decision {
  return { verdict: 'ASK_A_PERSON', why };
}
