import { Address, Cell, type Message, beginCell, loadMessage } from '@ton/core';
import { hashHex, messageCell } from '../cells.ts';
import { type ActionResult, type Departure, runActions } from './actions.ts';
import type { Block } from './block-clock.ts';
import { base64, readExternal, toStored } from './messages.ts';
import {
  type Collections,
  type Phases,
  type StoredAccount,
  type StoredExternal,
  type StoredInternal,
  type StoredTransaction,
  emptyHash,
  fees,
} from './model.ts';
import { transactionCell } from './transaction-cell.ts';
import { type Order, checkExternal, withNextSeqno } from './wallet-code.ts';

export interface Execution {
  /** Takes a waiting external message into a block, or drops it where the contract refuses it by now. */
  external(waiting: StoredExternal, block: Block): void;
  /** Delivers a message from account to account; one that cannot be taken goes back if it may bounce. */
  internal(id: string, sent: StoredInternal, block: Block): void;
}

interface Run {
  readonly before: StoredAccount;
  readonly after: StoredAccount;
  readonly block: Block;
  readonly inMessage: Message;
  readonly outMessages: readonly Message[];
  readonly lt: number;
  readonly phases: Phases;
  readonly fees: bigint;
  /** Absent: this transaction begins its trace. */
  readonly traceId?: string;
}

/** What blocks do: each message becomes a transaction of the account that it reaches. */
export function createExecution(collections: Collections): Execution {
  const { accounts, externals, internals, transactions, waiting } = collections;

  function record(run: Run): StoredTransaction {
    const { before, after, block, inMessage, outMessages, lt, phases } = run;
    const facts = {
      account: before.address,
      lt,
      now: block.utime,
      previous: { lt: before.lastLt, hash: before.lastHash },
      fees: run.fees.toString(),
      states: { before: before.state, after: after.state },
      phases,
    };
    const cell = transactionCell({ ...facts, inMessage, outMessages });
    const hash = hashHex(cell);
    const transaction: StoredTransaction = {
      ...facts,
      hash,
      mcSeqno: block.seqno,
      boc: base64(cell),
      traceId: run.traceId ?? hash,
      inMessage: toStored(inMessage),
      outMessages: outMessages.map(toStored),
      balanceAfter: after.balance,
    };
    transactions.put(hash, transaction);
    accounts.put(before.address, { ...after, lastLt: lt, lastHash: hash });
    for (const message of outMessages) {
      internals.put(hashHex(messageCell(message)), {
        message: toStored(message),
        boc: base64(messageCell(message)),
        dueSeqno: block.seqno + 1,
        traceId: transaction.traceId,
      });
    }
    return transaction;
  }

  /** The logical time of a transaction; its messages take the times after it. */
  function takeLt(messages: number): number {
    const last = collections.counters.get('lt') ?? firstLt;
    collections.counters.put('lt', last + 1 + messages);
    return last + 1;
  }

  return {
    external(external, block) {
      waiting.delete(external.rawHash);
      const message = readExternal(Cell.fromBase64(external.boc));
      const account = accounts.get(external.address);
      if (!message || !account) {
        externals.put(external.rawHash, { ...external, status: 'dropped' });
        return;
      }
      const check = checkExternal({ message, account, utime: block.utime, isForeign: external.foreign === true });
      if ('refused' in check && external.transactionHash !== undefined) {
        externals.put(external.rawHash, { ...external, refusedCopies: (external.refusedCopies ?? 0) + 1 });
        return;
      }
      if ('refused' in check) {
        const exitCode = check.refused.kind === 'vm' ? { exitCode: check.refused.exitCode } : {};
        externals.put(external.rawHash, { ...external, ...exitCode, status: 'dropped' });
        return;
      }
      const result = runOrder(check.accepted);
      const lt = takeLt(result.departures.length);
      const transaction = record({
        ...settleOrder(account, check.accepted, result),
        before: account,
        block,
        lt,
        inMessage: message,
        outMessages: result.departures.map((departure, index) =>
          toMessage(departure, { from: account.address, lt: lt + 1 + index, utime: block.utime }),
        ),
      });
      const { repeats, ...included } = { ...external, status: 'included' as const, transactionHash: transaction.hash };
      externals.put(external.rawHash, { ...included, dueSeqno: block.seqno + 1 });
      if (repeats === true) waiting.put(external.rawHash, block.seqno + 1);
    },
    internal(id, sent, block) {
      internals.delete(id);
      const message = loadMessage(Cell.fromBase64(sent.boc).beginParse());
      const { destination } = sent.message;
      const account = accounts.get(destination) ?? newAccount(destination);
      const isTaken = account.state === 'active' && account.refuses !== true;
      const returns = !isTaken && sent.message.bounce === true && sent.message.bounced !== true;
      const lt = takeLt(returns ? 1 : 0);
      const value = BigInt(sent.message.value ?? '0');
      const balance = returns ? account.balance : (BigInt(account.balance) + value).toString();
      record({
        before: account,
        after: { ...account, balance },
        block,
        lt,
        inMessage: message,
        outMessages: returns ? bounced(message, { lt: lt + 1, utime: block.utime }) : [],
        phases: arrival(account, { isTaken, returns }),
        fees: 0n,
        traceId: sent.traceId,
      });
    },
  };
}

const firstLt = 60_000_000_000_000;

/** An account that nobody has heard of yet. */
export function newAccount(address: string): StoredAccount {
  return { address, balance: '0', state: 'uninitialized', lastLt: 0, lastHash: emptyHash };
}

function runOrder({ account, actions, exitCode }: Order): ActionResult {
  const balanceNano = BigInt(account.balance) - fees.import - fees.gas;
  return runActions(exitCode === 0 ? actions : [], balanceNano);
}

/** A list of messages that is undone takes the number with it; one that is done keeps it, whatever was skipped. */
function settleOrder(
  before: StoredAccount,
  { account, version, actions, exitCode }: Order,
  result: ActionResult,
): Pick<Run, 'after' | 'phases' | 'fees'> {
  const forwardFees = fees.forward * BigInt(result.departures.length);
  const balance = result.balanceNano.toString();
  const data = withNextSeqno(account.data ?? '', version);
  return {
    after: result.success ? { ...account, balance, data } : { ...before, balance },
    fees: fees.import + fees.gas + forwardFees,
    phases: {
      aborted: !result.success,
      bounced: false,
      compute: { success: true, exitCode, gasFees: fees.gas.toString() },
      action: {
        success: result.success,
        valid: result.success || result.noFunds,
        noFunds: result.noFunds,
        resultCode: result.resultCode,
        total: actions?.length ?? 0,
        skipped: result.skipped,
        created: result.departures.length,
        forwardFees: forwardFees.toString(),
      },
    },
  };
}

function arrival(account: StoredAccount, { isTaken, returns }: { isTaken: boolean; returns: boolean }): Phases {
  if (account.state !== 'active') return { aborted: true, bounced: returns };
  const compute = { success: isTaken, exitCode: isTaken ? 0 : 65_535, gasFees: '0' };
  return { aborted: !isTaken, bounced: returns, compute };
}

interface Leaving {
  readonly from: string;
  readonly lt: number;
  readonly utime: number;
}

function toMessage({ message, valueNano }: Departure, { from, lt, utime }: Leaving): Message {
  const { info } = message;
  return {
    ...message,
    info: {
      ...info,
      src: Address.parseRaw(from),
      value: { coins: valueNano },
      forwardFee: fees.forward,
      createdLt: BigInt(lt),
      createdAt: utime,
    },
  };
}

/** The way back: what came less the fee, marked, with the first bits of the body. */
function bounced(message: Message, { lt, utime }: Omit<Leaving, 'from'>): Message[] {
  const { info, body } = message;
  if (info.type !== 'internal' || info.value.coins <= fees.forward) return [];
  const kept = body.beginParse();
  return [
    {
      info: {
        ...info,
        src: info.dest,
        dest: info.src,
        bounce: false,
        bounced: true,
        value: { coins: info.value.coins - fees.forward },
        forwardFee: fees.forward,
        createdLt: BigInt(lt),
        createdAt: utime,
      },
      body: bouncedBody(kept.loadBits(Math.min(256, kept.remainingBits))),
    },
  ];
}

function bouncedBody(bits: ReturnType<ReturnType<Cell['beginParse']>['loadBits']>): Cell {
  return beginCell().storeUint(0xff_ff_ff_ff, 32).storeBits(bits).endCell();
}
