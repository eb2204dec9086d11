import {
  Address,
  type Cell,
  Dictionary,
  type Message,
  type TransactionActionPhase,
  type TransactionComputePhase,
  beginCell,
  loadMessage,
  storeMessage,
  storeTransaction,
} from '@ton/core';
import { type Phases, type StoredAccount, type StoredTransaction, fees } from './model.ts';

export interface TransactionFacts extends Pick<StoredTransaction, 'account' | 'lt' | 'now' | 'previous' | 'fees'> {
  readonly states: StoredTransaction['states'];
  readonly phases: Phases;
  readonly inMessage: Message;
  readonly outMessages: readonly Message[];
}

const statuses = { active: 'active', uninitialized: 'uninitialized', frozen: 'frozen' } as const satisfies Record<
  StoredAccount['state'],
  string
>;
const noSize = { cells: 0n, bits: 0n };

/** The transaction as the chain would serialise it, so that other programs' readers and hashes work. */
export function transactionCell(facts: TransactionFacts): Cell {
  const { phases, inMessage, outMessages } = facts;
  const out = Dictionary.empty(Dictionary.Keys.Uint(15), {
    serialize: (message: Message, builder) => builder.storeRef(beginCell().store(storeMessage(message))),
    parse: (slice) => loadMessage(slice.loadRef().beginParse()),
  });
  for (const [index, message] of outMessages.entries()) out.set(index, message);
  const placeholder = beginCell().endCell();
  return beginCell()
    .store(
      storeTransaction({
        address: BigInt(`0x${Address.parseRaw(facts.account).hash.toString('hex')}`),
        lt: BigInt(facts.lt),
        prevTransactionHash: BigInt(`0x${facts.previous.hash}`),
        prevTransactionLt: BigInt(facts.previous.lt),
        now: facts.now,
        outMessagesCount: outMessages.length,
        oldStatus: statuses[facts.states.before],
        endStatus: statuses[facts.states.after],
        inMessage,
        outMessages: out,
        totalFees: { coins: BigInt(facts.fees) },
        stateUpdate: { oldHash: Buffer.alloc(32), newHash: Buffer.alloc(32) },
        description: {
          type: 'generic',
          creditFirst: inMessage.info.type === 'external-in',
          computePhase: computePhase(phases),
          ...(phases.action ? { actionPhase: actionPhase(phases.action) } : {}),
          ...(phases.bounced
            ? {
                bouncePhase: { type: 'ok', messageSize: noSize, messageFees: fees.forward, forwardFees: 0n } as const,
              }
            : {}),
          aborted: phases.aborted,
          destroyed: false,
        },
        raw: placeholder,
        hash: () => placeholder.hash(),
      }),
    )
    .endCell();
}

function computePhase({ compute }: Phases): TransactionComputePhase {
  if (!compute) return { type: 'skipped', reason: 'no-state' };
  return {
    type: 'vm',
    success: compute.success,
    messageStateUsed: false,
    accountActivated: false,
    gasFees: BigInt(compute.gasFees),
    gasUsed: 0n,
    gasLimit: 0n,
    mode: 0,
    exitCode: compute.exitCode,
    vmSteps: 0,
    vmInitStateHash: 0n,
    vmFinalStateHash: 0n,
  };
}

function actionPhase(action: NonNullable<Phases['action']>): TransactionActionPhase {
  return {
    success: action.success,
    valid: action.valid,
    noFunds: action.noFunds,
    statusChange: 'unchanged',
    totalFwdFees: BigInt(action.forwardFees),
    resultCode: action.resultCode,
    totalActions: action.total,
    specActions: 0,
    skippedActions: action.skipped,
    messagesCreated: action.created,
    actionListHash: 0n,
    totalMessageSize: noSize,
  };
}
