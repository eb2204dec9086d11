import type { Block } from './block-clock.ts';
import type { Phases, StoredAccount, StoredMessage, StoredTransaction } from './model.ts';
import { hashBase64 } from './v2-answers.ts';
import type { WalletData } from './wallet-code.ts';

const states = { active: 'active', uninitialized: 'uninit', frozen: 'frozen' } as const;

/** Raw addresses of this API have capital letters. */
function address(raw: string | null): string | null {
  return raw === null ? null : raw.toUpperCase();
}

function block({ seqno, utime }: Block) {
  return { workchain: -1, shard: '8000000000000000', seqno, gen_utime: String(utime), start_lt: '0', end_lt: '0' };
}

/** How far the index has come. */
export function masterchainInfo(indexHead: Block) {
  return { last: block(indexHead), first: block({ seqno: 1, atMs: 0, utime: 0 }) };
}

/** A message with its body. */
export function message(stored: StoredMessage) {
  return {
    hash: hashBase64(stored.hash),
    ...(stored.normalisedHash === undefined ? {} : { hash_norm: hashBase64(stored.normalisedHash) }),
    source: address(stored.source),
    destination: address(stored.destination),
    value: stored.value,
    value_extra_currencies: {},
    fwd_fee: stored.forwardFee,
    ihr_fee: stored.value === null ? null : '0',
    created_lt: stored.createdLt === null ? null : String(stored.createdLt),
    created_at: stored.createdAt === null ? null : String(stored.createdAt),
    ihr_disabled: stored.value === null ? null : true,
    bounce: stored.bounce,
    bounced: stored.bounced,
    import_fee: stored.value === null ? '0' : null,
    message_content: { hash: hashBase64(stored.bodyHash), body: stored.body, decoded: null },
    init_state: null,
  };
}

function description({ aborted, compute, action }: Phases, { inMessage }: StoredTransaction) {
  return {
    type: 'ord',
    aborted,
    destroyed: false,
    credit_first: inMessage.source === null,
    storage_ph: { storage_fees_collected: '0', status_change: 'unchanged' },
    compute_ph: compute
      ? { skipped: false, success: compute.success, exit_code: compute.exitCode, gas_fees: compute.gasFees }
      : { skipped: true, reason: 'no_state' },
    ...(action
      ? {
          action: {
            success: action.success,
            valid: action.valid,
            no_funds: action.noFunds,
            status_change: 'unchanged',
            result_code: action.resultCode,
            tot_actions: action.total,
            spec_actions: 0,
            skipped_actions: action.skipped,
            msgs_created: action.created,
            total_fwd_fees: action.forwardFees,
          },
        }
      : {}),
  };
}

/** A transaction with its phases and messages. */
export function transaction(stored: StoredTransaction) {
  return {
    account: address(stored.account),
    hash: hashBase64(stored.hash),
    lt: String(stored.lt),
    now: stored.now,
    mc_block_seqno: stored.mcSeqno,
    trace_id: hashBase64(stored.traceId),
    prev_trans_hash: hashBase64(stored.previous.hash),
    prev_trans_lt: String(stored.previous.lt),
    orig_status: states[stored.states.before],
    end_status: states[stored.states.after],
    total_fees: stored.fees,
    total_fees_extra_currencies: {},
    description: description(stored.phases, stored),
    block_ref: { workchain: 0, shard: '8000000000000000', seqno: stored.mcSeqno },
    in_msg: message(stored.inMessage),
    out_msgs: stored.outMessages.map(message),
    account_state_after: { balance: stored.balanceAfter },
    emulated: false,
  };
}

/** A trace from its transactions, the first one first. */
export function trace(transactions: readonly StoredTransaction[]) {
  const taken = new Set(transactions.map(({ inMessage }) => inMessage.hash));
  const pending = transactions.flatMap(({ outMessages }) => outMessages).filter(({ hash }) => !taken.has(hash)).length;
  return {
    trace_id: hashBase64(transactions[0]?.traceId ?? ''),
    external_hash: hashBase64(transactions[0]?.inMessage.hash ?? ''),
    is_incomplete: pending > 0,
    trace_info: {
      trace_state: pending > 0 ? 'pending' : 'complete',
      messages: transactions.reduce((sum, { outMessages }) => sum + outMessages.length, 1),
      transactions: transactions.length,
      pending_messages: pending,
    },
    transactions_order: transactions.map(({ hash }) => hashBase64(hash)),
    transactions: Object.fromEntries(transactions.map((one) => [hashBase64(one.hash), transaction(one)])),
  };
}

/** A wallet as the index knows it. */
export function walletState(account: StoredAccount, wallet: WalletData | undefined) {
  return {
    address: address(account.address),
    is_wallet: wallet !== undefined,
    balance: account.balance,
    status: states[account.state],
    ...(wallet
      ? {
          wallet_type: wallet.version === 'v4r2' ? 'wallet v4r2' : 'wallet v5r1',
          seqno: wallet.seqno,
          wallet_id: wallet.walletId,
          is_signature_allowed: wallet.isSignatureAllowed,
        }
      : {}),
    last_transaction_hash: hashBase64(account.lastHash),
    last_transaction_lt: String(account.lastLt),
  };
}
