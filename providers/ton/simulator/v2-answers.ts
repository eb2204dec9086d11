import { createHash } from 'node:crypto';
import { Address, Cell } from '@ton/core';
import type { Block } from './block-clock.ts';
import { type StoredAccount, type StoredMessage, type StoredTransaction, fees } from './model.ts';
import { readWallet } from './wallet-code.ts';

/** A hash as this API writes it. */
export function hashBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function blockId({ seqno }: Block) {
  const hash = (name: string) => createHash('sha256').update(`${name}/${seqno}`).digest('base64');
  return {
    '@type': 'ton.blockIdExt',
    workchain: -1,
    shard: '-9223372036854775808',
    seqno,
    root_hash: hash('root'),
    file_hash: hash('file'),
  };
}

/** The newest block of the main chain. */
export function masterchainInfo(head: Block) {
  const first = { ...blockId({ seqno: 0, atMs: 0, utime: 0 }), workchain: -1 };
  return {
    '@type': 'blocks.masterchainInfo',
    last: blockId(head),
    state_root_hash: createHash('sha256').update(`state/${head.seqno}`).digest('base64'),
    init: first,
  };
}

function transactionId({ lastLt, lastHash }: StoredAccount) {
  return { '@type': 'internal.transactionId', lt: String(lastLt), hash: hashBase64(lastHash) };
}

/** State, code and data of an account, with the block and time that they are of. */
export function addressInformation(account: StoredAccount, head: Block) {
  return {
    '@type': 'raw.fullAccountState',
    balance: account.balance,
    extra_currencies: [],
    code: account.state === 'active' ? (account.code ?? '') : '',
    data: account.state === 'active' ? (account.data ?? '') : '',
    last_transaction_id: transactionId(account),
    block_id: blockId(head),
    frozen_hash: '',
    sync_utime: head.utime,
    state: account.state,
  };
}

/** A wallet in short: balance, kind and number. */
export function walletInformation(account: StoredAccount) {
  const wallet = readWallet(account);
  return {
    wallet: wallet !== undefined,
    balance: account.balance,
    account_state: account.state,
    ...(wallet
      ? { wallet_type: wallet.version === 'v4r2' ? 'wallet v4 r2' : 'wallet v5 r1', seqno: wallet.seqno }
      : {}),
    last_transaction_id: transactionId(account),
    ...(wallet ? { wallet_id: wallet.walletId } : {}),
  };
}

/** What a message costs; here always the same. */
export function estimatedFees() {
  const own = { '@type': 'fees', in_fwd_fee: Number(fees.import), storage_fee: 0 };
  return {
    '@type': 'query.fees',
    source_fees: { ...own, gas_fee: Number(fees.gas), fwd_fee: Number(fees.forward) },
    destination_fees: [],
  };
}

interface MethodResult {
  readonly account: StoredAccount;
  readonly block: Block;
  readonly exitCode: number;
  readonly stack: readonly unknown[];
}

/** What a get-method left on the stack, and its exit code. */
export function methodResult({ account, block, exitCode, stack }: MethodResult) {
  return {
    '@type': 'smc.runResult',
    gas_used: 549,
    stack,
    exit_code: exitCode,
    block_id: blockId(block),
    last_transaction_id: transactionId(account),
  };
}

function friendly(raw: string | null): string {
  return raw === null ? '' : Address.parseRaw(raw).toString();
}

function message(stored: StoredMessage) {
  const text = commentOf(stored.body);
  return {
    '@type': 'raw.message',
    hash: hashBase64(stored.hash),
    source: friendly(stored.source),
    destination: friendly(stored.destination),
    value: stored.value ?? '0',
    extra_currencies: [],
    fwd_fee: stored.forwardFee ?? '0',
    ihr_fee: '0',
    created_lt: String(stored.createdLt ?? 0),
    body_hash: hashBase64(stored.bodyHash),
    msg_data:
      text === undefined
        ? { '@type': 'msg.dataRaw', body: stored.body, init_state: '' }
        : { '@type': 'msg.dataText', text: Buffer.from(text).toString('base64') },
    ...(text === undefined ? {} : { message: text }),
  };
}

/** The comment of a body that begins with 32 zero bits. */
export function commentOf(body: string): string | undefined {
  const slice = Cell.fromBase64(body).beginParse();
  if (slice.remainingBits < 32 || slice.preloadUint(32) !== 0) return undefined;
  slice.skip(32);
  return slice.remainingBits % 8 === 0 ? slice.loadStringTail() : undefined;
}

/** A transaction with its bag of cells. */
export function transaction(stored: StoredTransaction) {
  return {
    '@type': 'raw.transaction',
    address: { '@type': 'accountAddress', account_address: friendly(stored.account) },
    utime: stored.now,
    data: stored.boc,
    transaction_id: { '@type': 'internal.transactionId', lt: String(stored.lt), hash: hashBase64(stored.hash) },
    fee: stored.fees,
    storage_fee: '0',
    other_fee: stored.fees,
    in_msg: message(stored.inMessage),
    out_msgs: stored.outMessages.map(message),
  };
}
