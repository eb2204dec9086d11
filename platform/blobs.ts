import type { Readable } from 'node:stream';

/** A part of a blob, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where pictures are kept. A blob's key is the SHA-256 of its bytes in hex, so that storing the same again after a
 * crash changes nothing. Undefined stands for a blob that is not there; it throws when the store cannot be reached or
 * is full.
 */
export interface Blobs {
  /** Stores bytes whole or not at all and answers their key. */
  put(bytes: Uint8Array): Promise<string>;
  /** The like for a file, which is gone afterwards. */
  putFile(path: string): Promise<string>;
  read(key: string): Promise<Buffer | undefined>;
  /** How many bytes a blob has. */
  size(key: string): Promise<number | undefined>;
  /** The bytes as a stream; ask for the size first. */
  stream(key: string, range: ByteRange): Promise<Readable | undefined>;
  /** Removes a blob unless somebody stored the same bytes again within `unusedForMs`. */
  remove(key: string, unusedForMs: number): Promise<boolean>;
}

const keyPattern = /^[0-9a-f]{64}$/;

/** Whether a text can be a blob's key; nothing else ever becomes a path. */
export function isBlobKey(text: string): boolean {
  return keyPattern.test(text);
}
