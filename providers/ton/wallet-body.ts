import { type Cell, type Slice, beginCell } from '@ton/core';
import type { WalletVersion } from './wallet.ts';

/** The order that a wallet contract reads: its envelope, and what it leaves to the contract's own reading. */
export interface WalletBody {
  readonly signature: Buffer;
  /** What was signed. */
  readonly signedHash: Buffer;
  readonly walletId: number;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly seqno: number;
  /** What follows: the operation and the messages. */
  readonly rest: Slice;
}

/** Operations of W5 that carry a signature: in a message from outside, and in one that another contract passes on. */
const w5Operations: readonly number[] = [0x73_69_67_6e, 0x73_69_6e_74];
const signatureBits = 512;
const fieldsBits = 96;

/** Reads the body of an order to a wallet; undefined when it is none. Nothing is checked beyond its shape. */
export function readWalletBody(body: Cell, version: WalletVersion): WalletBody | undefined {
  if (body.isExotic || body.bits.length < signatureBits + fieldsBits) return undefined;
  return version === 'v4r2' ? readV4(body) : readW5(body);
}

function readV4(body: Cell): WalletBody {
  const slice = body.beginParse();
  const signature = slice.loadBuffer(signatureBits / 8);
  const signedHash = slice.clone().asCell().hash();
  return { signature, signedHash, ...readFields(slice) };
}

function readW5(body: Cell): WalletBody | undefined {
  const operationBits = 32;
  if (body.bits.length < operationBits + fieldsBits + signatureBits) return undefined;
  const whole = body.beginParse();
  const unsigned = beginCell().storeBits(whole.loadBits(whole.remainingBits - signatureBits));
  for (const reference of body.refs) unsigned.storeRef(reference);
  const signature = whole.loadBuffer(signatureBits / 8);
  const signedCell = unsigned.endCell();
  const slice = signedCell.beginParse();
  if (!w5Operations.includes(slice.loadUint(operationBits))) return undefined;
  return { signature, signedHash: signedCell.hash(), ...readFields(slice) };
}

function readFields(slice: Slice) {
  return {
    walletId: slice.loadUint(32),
    validUntil: slice.loadUint(32),
    seqno: slice.loadUint(32),
    rest: slice,
  };
}
