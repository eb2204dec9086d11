import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { limits } from '../core/limits.ts';
import type { Cases } from '../db/cases.ts';
import type { PreparedPayment, PurchaseVerdict, WalletMessage, WalletMessages } from '../db/wallet-messages.ts';
import type { Failpoint } from '../platform/failpoints.ts';
import type { ChainWallet, MessageVerdict, SignedWalletMessage } from '../providers/ports.ts';
import { askAgainLater } from './ask-again-later.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface WalletDeps {
  readonly walletMessages: WalletMessages;
  /** The wallet under an address; rejects for one that is not set up here (any more). */
  readonly chainWallet: (address: string) => Promise<ChainWallet>;
  readonly cases: Cases;
  readonly failpoint: Failpoint;
}

/**
 * What the wallet has to do next: settle a message, or nothing. `short`: it holds too little for the payment that waits
 * longest. `dropped`: purchases whose payment request was about to end, so that another must be prepared.
 */
export type NextMessage =
  | { readonly outcome: 'message'; readonly messageId: string; readonly dropped: readonly string[] }
  | { readonly outcome: 'idle' | 'short'; readonly dropped: readonly string[] };

/**
 * A block may come twice a second, so that the wallet's number is looked at as often: one call. What decides is four
 * calls, made when the number has moved, and else with every fourth look; the bytes are sent again with every fifth of
 * those.
 */
const lookEveryMs = 500;
const judgeEveryLooks = 4;
const resendEveryJudgements = 5;
/** How often a message is made anew at once when orders are canceled under it, before the step is tried later. */
const signTriesMax = 20;

/** Signing and settling the messages of our wallet; its workflow calls one after the other. */
export function createWalletActivities(deps: WalletDeps) {
  const { walletMessages, failpoint } = deps;

  return {
    /**
     * The message to settle: the one that is not decided, else a new one over the payments that wait, signed and stored
     * before anything leaves. Nothing is signed while a message is undecided. A repeat after a crash finds what was
     * stored, and signs nothing again.
     */
    async signNextMessage({ wallet }: { wallet: string }): Promise<NextMessage> {
      const dropped: string[] = [];
      for (let tries = 1; tries <= signTriesMax; tries += 1) {
        const next = await signNext(deps, wallet);
        dropped.push(...next.dropped);
        if (next.outcome !== 'stale') return { ...next, dropped };
      }
      throw ApplicationFailure.retryable('orders change faster than a message is made', 'message_stale');
    },

    /**
     * Sends a stored message and asks the chain until it decides, however long that takes; writes the decision, and
     * answers the verdict of each purchase. Only the stored bytes are ever sent. What sending answers decides nothing:
     * the decision comes out of final data of the chain alone.
     */
    async settleMessage({ messageId }: { messageId: string }): Promise<readonly PurchaseVerdict[]> {
      const context = Context.current();
      const message = await walletMessages.get(messageId);
      const chain = await deps.chainWallet(message.wallet);
      if (message.state !== 'signed') return walletMessages.verdicts(messageId);
      await send(chain, message);
      let [judgements, hasMoved] = [0, false];
      for (let looks = 0; ; looks += 1) {
        hasMoved ||= await withHeartbeat(() => isNumberUsed(chain, message));
        if (hasMoved || looks % judgeEveryLooks === 0) {
          const judged = await withHeartbeat(() => chain.judge(toWatched(message)));
          judgements += 1;
          if (judged.outcome === 'done') {
            const { value } = judged;
            if (value.verdict !== 'undecided') return decide(deps, message, value);
            await askPerson(deps, messageId, value);
            if (value.resend && judgements % resendEveryJudgements === 0) await send(chain, message);
          }
        }
        context.heartbeat();
        await context.sleep(lookEveryMs);
      }
    },
  };

  async function send(chain: ChainWallet, message: WalletMessage): Promise<void> {
    await failpoint('wallet.before-send');
    await withHeartbeat(() => chain.send(message.boc));
    await failpoint('wallet.after-send');
  }
}

/** One try; `stale` when an order of the message was canceled while it was made: the others need not wait for that. */
async function signNext(
  deps: WalletDeps,
  wallet: string,
): Promise<NextMessage | { readonly outcome: 'stale'; readonly dropped: readonly string[] }> {
  const { walletMessages } = deps;
  const undecided = await walletMessages.undecided(wallet);
  if (undecided) return { outcome: 'message', messageId: undecided.id, dropped: [] };
  const chain = await deps.chainWallet(wallet);
  const read = await withHeartbeat(() => chain.readState());
  if (read.outcome === 'refused') throw ApplicationFailure.retryable(read.message, read.code);
  if (read.outcome !== 'done') throw askAgainLater(read);
  const { isDeployed, balanceNano, chainTime } = read.value;
  const seqno = await trustedSeqno(deps, { wallet, seqno: read.value.seqno });

  const dropped = await walletMessages.dropExpired(wallet, chainTime + limits.walletMessageMarginS);
  const waiting = await walletMessages.prepared(wallet, limits.walletQueueReadMax);
  const payable = affordable(waiting, balanceNano);
  if (payable.length < waiting.length) await reportShort(deps, wallet, balanceNano);
  const payments = payable.slice(0, chain.transfersMax);
  if (payments.length === 0) return { outcome: waiting.length === 0 ? 'idle' : 'short', dropped };

  const validUntil = Math.min(
    chainTime + limits.walletMessageLifetimeS,
    ...payments.map((payment) => payment.validUntil),
  );
  const transfers = payments.map(toTransfer);
  const signed = chain.sign({ seqno, validUntil, withStateInit: !isDeployed, transfers });
  const messageId = await store(deps, { wallet, seqno, validUntil, signed, payments });
  return messageId === 'stale' ? { outcome: 'stale', dropped } : { outcome: 'message', messageId, dropped };
}

/**
 * The chain's number, when it does not fall behind our own books: a node that lags would have us sign over a number
 * that is used up, and that message would seem dead by somebody else's hand.
 */
async function trustedSeqno(deps: WalletDeps, { wallet, seqno }: { wallet: string; seqno: number }): Promise<number> {
  const expected = await deps.walletMessages.nextSeqno(wallet);
  if (seqno >= expected) return seqno;
  throw ApplicationFailure.retryable(`the chain says number ${seqno}, our books ${expected}`, 'wallet_lags');
}

/** A hint that a look is worth its calls, and no verdict: a number says nothing of who has used it. */
async function isNumberUsed(chain: ChainWallet, { seqno }: WalletMessage): Promise<boolean> {
  const read = await chain.readState();
  return read.outcome === 'done' && read.value.seqno > seqno;
}

/**
 * The payments, longest waiting first, that the wallet can pay at once with their fees. One that it cannot pay holds up
 * none behind it: it waits for a person to fill the wallet up, until its own deadline.
 */
function affordable(waiting: readonly PreparedPayment[], balanceNano: bigint): PreparedPayment[] {
  const payments: PreparedPayment[] = [];
  let left = balanceNano;
  for (const payment of waiting) {
    const cost = payment.amountNano + limits.walletTransferFeeNano;
    if (cost > left) continue;
    left -= cost;
    payments.push(payment);
  }
  return payments;
}

/** One case a day: the wallet must be filled up by a person. */
async function reportShort({ cases }: WalletDeps, wallet: string, balanceNano: bigint): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  await cases.open({
    key: `wallet-short/${wallet}/${day}`,
    kind: 'wallet_short',
    evidence: { wallet, balanceNano: balanceNano.toString() },
  });
}

function toTransfer({ destination, amountNano, payload }: PreparedPayment) {
  return { destination, amountNano, payload: payload.toString('base64') };
}

function toWatched({ seqno, validUntil, normalizedHash, payments }: WalletMessage) {
  const transfers = payments.map(({ destination, amountNano, bodyHash }) => ({ destination, amountNano, bodyHash }));
  return { seqno, validUntil, normalizedHash, transfers };
}

/** Stores a signed message; its id. `stale` where an order was canceled meanwhile: the bytes are forgotten. */
async function store(
  { walletMessages, failpoint }: WalletDeps,
  message: {
    readonly wallet: string;
    readonly seqno: number;
    readonly validUntil: number;
    readonly signed: SignedWalletMessage;
    readonly payments: readonly PreparedPayment[];
  },
): Promise<string> {
  const { signed, payments, ...rest } = message;
  await failpoint('wallet.before-sign');
  const stored = await walletMessages.sign({ ...rest, ...signed, paymentIds: payments.map(({ id }) => id) });
  await failpoint('wallet.after-sign');
  return stored.outcome === 'signed' ? stored.messageId : 'stale';
}

/** Where what is seen is for a person to judge, they get a case; the chain is asked on, and its word closes it. */
async function askPerson(
  { walletMessages }: WalletDeps,
  messageId: string,
  { question, evidence }: Extract<MessageVerdict, { verdict: 'undecided' }>,
): Promise<void> {
  if (question !== undefined) await walletMessages.question(messageId, { why: question, seen: evidence });
}

/** Writes the decision. A number that somebody else has used is a case: two hands on one wallet are one too many. */
async function decide(
  { walletMessages, cases, failpoint }: WalletDeps,
  message: WalletMessage,
  judged: Exclude<MessageVerdict, { verdict: 'undecided' }>,
): Promise<readonly PurchaseVerdict[]> {
  const paid = new Set(judged.verdict === 'executed' ? judged.paid : []);
  if (judged.verdict === 'dead' && judged.foreign) {
    await cases.open({
      key: `wallet-foreign/${message.wallet}/${message.seqno}`,
      kind: 'wallet_foreign_use',
      evidence: { wallet: message.wallet, seqno: message.seqno, ...judged.evidence },
    });
  }
  await failpoint('wallet.before-decide');
  const verdicts = await walletMessages.decide(message.id, {
    state: judged.verdict,
    verdicts: message.payments.map(({ position }) => ({ position, verdict: paid.has(position) ? 'paid' : 'not_paid' })),
    evidence: judged.evidence,
  });
  await failpoint('wallet.after-decide');
  return verdicts;
}
