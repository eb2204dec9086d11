import { SendMode, beginCell, external, internal, storeStateInit, type Address, type Cell } from '@ton/core';
import { mnemonicToPrivateKey, mnemonicValidate, sign as signBytes } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import type { Secret } from '../../platform/secret.ts';
import {
  type TonNetwork,
  hashHex,
  isPlainBody,
  messageCell,
  normalisedHash,
  parseAddress,
  parseCellBase64,
  textCell,
} from './cells.ts';
import { type WalletProofRequest, proofDigest } from './proof.ts';

export type WalletVersion = 'v4r2' | 'v5r1';

export interface TonWalletOptions {
  /** 24 words separated by spaces. They and the keys stay in this process; nothing here can print them. */
  readonly phrase: Secret;
  /** The same words give another address per version, so the version belongs to the wallet. */
  readonly version: WalletVersion;
  /** Default mainnet. */
  readonly network?: TonNetwork;
}

/** One payment inside an external message. */
export interface TransferMessage {
  /** In any spelling: raw or friendly. */
  readonly destination: string;
  /** What arrives: fees are paid beside it. More than zero. */
  readonly amountNano: bigint;
  /** The body: a comment, or a bag of cells in base64 that is sent exactly as it is. Absent: none. */
  readonly payload?: { readonly text: string } | { readonly boc: string };
  /** Whether the money comes back when the destination cannot take it. */
  readonly bounce: boolean;
}

export interface TransferRequest {
  /** The wallet's sequence number as the chain has it now: these bytes work for it alone. */
  readonly seqno: number;
  /** Unix seconds of chain time. A block of this second or later refuses these bytes for ever. */
  readonly validUntil: number;
  /** Puts the wallet's code into the message; needed while the wallet is not deployed, and harmless afterwards. */
  readonly withStateInit: boolean;
  readonly messages: readonly TransferMessage[];
}

/** What identifies one payment among the messages that the wallet sent. */
export interface SignedPosition {
  readonly position: number;
  /** Raw: `0:` and 64 hex digits. */
  readonly destination: string;
  readonly amountNano: bigint;
  /** Hash of the internal message's body, hex. */
  readonly bodyHash: string;
}

/** A signed message as it is stored before it is sent. Equal requests give equal bytes and hashes. */
export interface SignedTransfer {
  readonly walletAddress: string;
  readonly seqno: number;
  readonly validUntil: number;
  /** The external message, ready for the network. */
  readonly boc: Uint8Array;
  /** Hash of the message as sent, hex. It differs with and without the state init. */
  readonly rawHash: string;
  /** The hash that the chain's indexes know the message by (TEP-467), hex. */
  readonly normalisedHash: string;
  readonly positions: readonly SignedPosition[];
}

export type SigningProblem =
  | 'no_messages'
  | 'too_many_messages'
  | 'bad_seqno'
  | 'bad_valid_until'
  | 'bad_destination'
  | 'bad_amount'
  | 'bad_payload';

export type Signing =
  | { readonly ok: true; readonly transfer: SignedTransfer }
  | { readonly ok: false; readonly problem: SigningProblem; readonly position?: number };

/** Our wallet: what it is called, and its signature. No network, no clock. */
export interface TonWallet {
  readonly version: WalletVersion;
  readonly network: TonNetwork;
  /** Raw: `0:` and 64 hex digits. */
  readonly address: string;
  /** For people and for sending money to: not bounceable, url-safe. */
  readonly friendlyAddress: string;
  readonly publicKeyHex: string;
  /** The wallet's code and first data as a bag of cells, base64: what a site asks for when a wallet is linked. */
  readonly stateInitBase64: string;
  /** Payments in one external message: 4 or 255. */
  readonly messagesMax: number;
  /**
   * Builds and signs one external message. Deterministic, so a crash before it was stored costs nothing; but while a
   * stored message of the wallet is undecided nothing else may be signed (its bytes are sent again instead).
   */
  sign(request: TransferRequest): Signing;
  /** Proves to a site that this wallet is ours: the signature of its challenge, base64. It can move no money. */
  signProof(request: WalletProofRequest): string;
}

/** The phrase does not open a wallet. The message holds none of its words. */
export class WalletPhraseError extends Error {
  constructor() {
    super('the wallet phrase is not 24 words that belong together');
    this.name = 'WalletPhraseError';
  }
}

/**
 * Fees beside the value, and a payment that cannot be made is skipped: without the second flag one of them would undo
 * the sequence number too, and anybody could replay the message and burn the wallet's gas until it expires.
 */
const sendMode = (SendMode.PAY_GAS_SEPARATELY | SendMode.IGNORE_ERRORS) as SendMode;
const neverExpires = 0xff_ff_ff_ff;

/** Opens a wallet. Takes some 50 ms of key derivation, so once per process; throws `WalletPhraseError`. */
export async function openTonWallet(options: TonWalletOptions): Promise<TonWallet> {
  const { phrase, version, network = 'mainnet' } = options;
  const words = phrase.reveal().trim().toLowerCase().split(/\s+/);
  if (words.length !== 24 || !(await mnemonicValidate(words))) throw new WalletPhraseError();
  const { publicKey, secretKey } = await mnemonicToPrivateKey(words);
  const contract = version === 'v4r2' ? v4(publicKey, secretKey) : v5(publicKey, secretKey, network);
  return {
    version,
    network,
    address: contract.address.toRawString(),
    friendlyAddress: contract.address.toString({ bounceable: false, testOnly: network === 'testnet' }),
    publicKeyHex: publicKey.toString('hex'),
    stateInitBase64: beginCell().store(storeStateInit(contract.init)).endCell().toBoc().toString('base64'),
    messagesMax: contract.messagesMax,
    sign: (request) => sign(contract, request, network),
    signProof: (request) => signBytes(proofDigest(contract.address, request), secretKey).toString('base64'),
  };
}

interface Contract {
  readonly address: Address;
  readonly init: { readonly code: Cell; readonly data: Cell };
  readonly messagesMax: number;
  body(request: BodyRequest): Cell;
}

interface BodyRequest {
  readonly seqno: number;
  readonly validUntil: number;
  readonly messages: ReturnType<typeof internal>[];
}

function v4(publicKey: Buffer, secretKey: Buffer): Contract {
  const wallet = WalletContractV4.create({ workchain: 0, publicKey });
  return {
    address: wallet.address,
    init: wallet.init,
    messagesMax: 4,
    body: ({ seqno, validUntil, messages }) =>
      wallet.createTransfer({ seqno, secretKey, messages, sendMode, timeout: validUntil }),
  };
}

function v5(publicKey: Buffer, secretKey: Buffer, network: TonNetwork): Contract {
  const networkGlobalId = network === 'mainnet' ? -239 : -3;
  const wallet = WalletContractV5R1.create({ publicKey, walletId: { networkGlobalId } });
  return {
    address: wallet.address,
    init: wallet.init,
    messagesMax: 255,
    body: ({ seqno, validUntil, messages }) =>
      wallet.createTransfer({ seqno, secretKey, messages, sendMode, timeout: validUntil }),
  };
}

function sign(contract: Contract, request: TransferRequest, network: TonNetwork): Signing {
  const { seqno, validUntil, messages } = request;
  if (messages.length === 0) return { ok: false, problem: 'no_messages' };
  if (messages.length > contract.messagesMax) return { ok: false, problem: 'too_many_messages' };
  if (!isUint32(seqno)) return { ok: false, problem: 'bad_seqno' };
  // Zero makes the library take the local clock, and the highest number never expires: both would break the recipe.
  if (!isUint32(validUntil) || validUntil === 0 || validUntil === neverExpires) {
    return { ok: false, problem: 'bad_valid_until' };
  }
  const parts: Part[] = [];
  for (const [position, message] of messages.entries()) {
    const part = toPart(message, network);
    if (typeof part === 'string') return { ok: false, problem: part, position };
    parts.push(part);
  }
  const body = contract.body({ seqno, validUntil, messages: parts.map(toInternal) });
  const { address, init } = contract;
  const cell = messageCell(external({ to: address, body, ...(request.withStateInit ? { init } : {}) }));
  return {
    ok: true,
    transfer: {
      walletAddress: address.toRawString(),
      seqno,
      validUntil,
      boc: cell.toBoc(),
      rawHash: hashHex(cell),
      normalisedHash: normalisedHash(address, body),
      positions: parts.map(({ to, amountNano, body: inner }, position) => ({
        position,
        destination: to.toRawString(),
        amountNano,
        bodyHash: hashHex(inner),
      })),
    },
  };
}

interface Part {
  readonly to: Address;
  readonly amountNano: bigint;
  readonly body: Cell;
  readonly bounce: boolean;
}

const amountMax = 2n ** 120n;

function toPart(
  { destination, amountNano, payload, bounce }: TransferMessage,
  network: TonNetwork,
): Part | SigningProblem {
  const to = parseAddress(destination, network);
  if (!to) return 'bad_destination';
  if (amountNano <= 0n || amountNano >= amountMax) return 'bad_amount';
  const body =
    payload === undefined ? textCell('') : 'text' in payload ? textCell(payload.text) : parseCellBase64(payload.boc);
  return body && isPlainBody(body) ? { to, amountNano, body, bounce } : 'bad_payload';
}

function toInternal({ to, amountNano, body, bounce }: Part): ReturnType<typeof internal> {
  return internal({ to, value: amountNano, body, bounce });
}

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff_ff_ff_ff;
}
