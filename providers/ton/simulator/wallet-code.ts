import {
  Cell,
  type Message,
  type StateInit,
  beginCell,
  contractAddress,
  loadMessageRelaxed,
  loadOutList,
} from '@ton/core';
import { signVerify } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { hashHex, isPlainBody } from '../cells.ts';
import { type WalletBody, readWalletBody } from '../wallet-body.ts';
import type { WalletVersion } from '../wallet.ts';
import type { Action } from './actions.ts';
import { base64 } from './messages.ts';
import { type StoredAccount, fees } from './model.ts';

const anyKey = Buffer.alloc(32);
/** Which wallet a contract is, by the hash of its code. */
const versions: ReadonlyMap<string, WalletVersion> = new Map([
  [hashHex(WalletContractV4.create({ workchain: 0, publicKey: anyKey }).init.code), 'v4r2'],
  [hashHex(WalletContractV5R1.create({ publicKey: anyKey }).init.code), 'v5r1'],
]);

/** What a wallet contract keeps. */
export interface WalletData {
  readonly version: WalletVersion;
  readonly seqno: number;
  readonly walletId: number;
  readonly publicKey: Buffer;
  /** W5 only: the owner's signature counts. */
  readonly isSignatureAllowed: boolean;
}

/** The wallet of an account; undefined when it is not active or no wallet that we know. */
export function readWallet({ state, code, data }: StoredAccount): WalletData | undefined {
  if (state !== 'active' || code === undefined || data === undefined) return undefined;
  const version = versions.get(hashHex(Cell.fromBase64(code)));
  if (version === undefined) return undefined;
  const slice = Cell.fromBase64(data).beginParse();
  const isSignatureAllowed = version === 'v4r2' || slice.loadBit();
  return {
    version,
    isSignatureAllowed,
    seqno: slice.loadUint(32),
    walletId: slice.loadUint(32),
    publicKey: slice.loadBuffer(32),
  };
}

/** The wallet's data with the next number, in base64. */
export function withNextSeqno(data: string, version: WalletVersion): string {
  const slice = Cell.fromBase64(data).beginParse();
  const builder = beginCell();
  if (version === 'v5r1') builder.storeBit(slice.loadBit());
  builder.storeUint(slice.loadUint(32) + 1, 32);
  return base64(builder.storeSlice(slice).endCell());
}

export type Refusal =
  | { readonly kind: 'vm'; readonly exitCode: number; readonly steps: number }
  /** The account cannot pay for the import. */
  | { readonly kind: 'before-execution' }
  | { readonly kind: 'no-account' };

/** An order that the wallet accepts. */
export interface Order {
  readonly version: WalletVersion;
  /** The account with its code, which the message may have brought. */
  readonly account: StoredAccount;
  /** Undefined: the list of messages cannot be read, which the chain does not forgive. */
  readonly actions: readonly Action[] | undefined;
  /** The contract stops after it has taken the number: nothing goes out. */
  readonly exitCode: number;
}

export type Check = { readonly accepted: Order } | { readonly refused: Refusal };

interface Incoming {
  readonly message: Message & { info: { type: 'external-in' } };
  readonly account: StoredAccount | undefined;
  /** Block time. */
  readonly utime: number;
  /** Somebody who has the keys sent it: the signature is taken as good. */
  readonly isForeign: boolean;
}

/** What the chain says to an external message in the present state, with the exit codes of the real contracts. */
export function checkExternal({ message, account, utime, isForeign }: Incoming): Check {
  if (!account) return { refused: message.init ? { kind: 'before-execution' } : { kind: 'no-account' } };
  if (BigInt(account.balance) < fees.import + fees.gas) return { refused: { kind: 'before-execution' } };
  const deployed = deploy(account, message.init ?? undefined, message.info.dest.workChain);
  if (!deployed) return vm(0, 0);
  const wallet = readWallet(deployed);
  if (!wallet) return vm(11, 3);
  const body = readWalletBody(message.body, wallet.version);
  if (!body) return vm(wallet.version === 'v5r1' ? 138 : 9, 5);
  const exitCode = wallet.version === 'v4r2' ? v4Exit(wallet, body, utime) : w5Exit(wallet, body, { utime, isForeign });
  const isBadSignature = wallet.version === 'v4r2' && !isForeign && !isSigned(wallet, body);
  if (exitCode !== 0) return vm(exitCode, 23);
  if (isBadSignature) return vm(35, 27);
  return { accepted: { version: wallet.version, account: deployed, ...readActions(body, wallet.version) } };
}

function vm(exitCode: number, steps: number): Check {
  return { refused: { kind: 'vm', exitCode, steps } };
}

/** The account as it is when the code runs: an account without code takes that of the message, if it is its own. */
function deploy(account: StoredAccount, init: StateInit | undefined, workchain: number): StoredAccount | undefined {
  if (account.state === 'active') return account;
  if (account.state === 'frozen' || !init?.code || !init.data) return undefined;
  if (contractAddress(workchain, init).toRawString() !== account.address) return undefined;
  return { ...account, state: 'active', code: base64(init.code), data: base64(init.data) };
}

/** V4R2: end, number, wallet, then the signature. */
function v4Exit(wallet: WalletData, body: WalletBody, utime: number): number {
  if (body.validUntil <= utime) return 36;
  if (body.seqno !== wallet.seqno) return 33;
  return body.walletId === wallet.walletId ? 0 : 34;
}

/** W5: signature, whether signatures count, number, wallet, end. */
function w5Exit(
  wallet: WalletData,
  body: WalletBody,
  { utime, isForeign }: { utime: number; isForeign: boolean },
): number {
  if (!isForeign && !isSigned(wallet, body)) return 135;
  if (!wallet.isSignatureAllowed) return 132;
  if (body.seqno !== wallet.seqno) return 133;
  if (body.walletId !== wallet.walletId) return 134;
  return body.validUntil <= utime ? 136 : 0;
}

function isSigned({ publicKey }: WalletData, { signature, signedHash }: WalletBody): boolean {
  return signVerify(signedHash, signature, publicKey);
}

function readActions(body: WalletBody, version: WalletVersion): Pick<Order, 'actions' | 'exitCode'> {
  try {
    return version === 'v4r2' ? { actions: v4Actions(body), exitCode: 0 } : w5Actions(body);
  } catch (error) {
    // Whatever does not parse is malformed to the chain as well; the library throws plain errors.
    if (error instanceof Error) return { actions: undefined, exitCode: 0 };
    throw error;
  }
}

function v4Actions({ rest }: WalletBody): readonly Action[] {
  const operation = rest.loadUint(8);
  const actions: Action[] = [];
  while (operation === 0 && rest.remainingRefs > 0) {
    const mode = rest.loadUint(8);
    const cell = rest.loadRef();
    if (!isPlainBody(cell)) throw new Error('an exotic cell');
    actions.push({ mode, message: loadMessageRelaxed(cell.beginParse()) });
  }
  return actions;
}

/** Orders of other kinds (extensions, signatures on or off) are not played: they take the number and send nothing. */
function w5Actions({ rest }: WalletBody): Pick<Order, 'actions' | 'exitCode'> {
  const list = rest.loadMaybeRef();
  if (!list) return { actions: [], exitCode: 0 };
  const listed = loadOutList(list.beginParse());
  const actions: Action[] = [];
  for (const action of listed) {
    if (action.type !== 'sendMsg') return { actions: [], exitCode: 147 };
    if ((action.mode & 2) === 0) return { actions: [], exitCode: 137 };
    if (!isPlainBody(action.outMsg.body)) throw new Error('an exotic cell');
    actions.push({ mode: action.mode, message: action.outMsg });
  }
  return { actions, exitCode: 0 };
}
