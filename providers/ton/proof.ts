import { createHash } from 'node:crypto';
import type { Address } from '@ton/core';

/** What a site asks a wallet to sign, so that it is known whose wallet it is (TON Connect, `ton_proof`). */
export interface WalletProofRequest {
  /** The site's host. */
  readonly domain: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** The site's own challenge. */
  readonly payload: string;
}

/**
 * The 32 bytes under a proof's signature (TON Connect's specification, item `ton_proof`, version 2). They begin with
 * 0xffff, so that they can be no transaction.
 */
export function proofDigest(address: Address, { domain, timestamp, payload }: WalletProofRequest): Buffer {
  const workchain = Buffer.alloc(4);
  workchain.writeInt32BE(address.workChain);
  const domainLength = Buffer.alloc(4);
  domainLength.writeUInt32LE(Buffer.byteLength(domain));
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(timestamp));
  const message = Buffer.concat([
    Buffer.from('ton-proof-item-v2/'),
    workchain,
    address.hash,
    domainLength,
    Buffer.from(domain),
    time,
    Buffer.from(payload),
  ]);
  return sha256(Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.from('ton-connect'), sha256(message)]));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
