import { createHmac, timingSafeEqual } from 'node:crypto';
import { isBlobKey } from './blobs.ts';

/** A file that may be fetched by whoever knows its name, until it expires. */
export interface SignedFile {
  readonly blobKey: string;
  readonly extension: string;
}

export type NameVerdict =
  { readonly ok: true; readonly file: SignedFile } | { readonly ok: false; readonly reason: 'invalid' | 'expired' };

export interface SignedNames {
  /** The last part of a file's address, good for `lifetimeMs` from now. */
  sign(file: SignedFile, now: Date): string;
  /** What a name stands for. A name that was not made here, or is no longer good, stands for nothing. */
  read(name: string, now: Date): NameVerdict;
}

const namePattern = /^([0-9a-f]{64})\.([0-9a-z]{1,11})\.([\w-]{43})\.([a-z0-9]{1,8})$/;

/**
 * Names of files that carry their own permission: key, end in seconds, signature, extension. The end is rounded up to a
 * tenth of the lifetime, so that a browser meets the same address again and finds the picture in its cache.
 */
export function createSignedNames(options: { readonly secret: string; readonly lifetimeMs: number }): SignedNames {
  const stepSeconds = Math.ceil(options.lifetimeMs / 10_000);
  const signatureOf = (blobKey: string, end: string, extension: string) =>
    createHmac('sha256', options.secret).update(`holdfast-file\n${blobKey}\n${end}\n${extension}`).digest();
  return {
    sign({ blobKey, extension }, now) {
      const endSeconds = Math.ceil((now.getTime() + options.lifetimeMs) / 1_000 / stepSeconds) * stepSeconds;
      const end = endSeconds.toString(36);
      return `${blobKey}.${end}.${signatureOf(blobKey, end, extension).toString('base64url')}.${extension}`;
    },
    read(name, now) {
      const [, blobKey = '', end = '', signature = '', extension = ''] = namePattern.exec(name) ?? [];
      if (!isBlobKey(blobKey)) return { ok: false, reason: 'invalid' };
      const given = Buffer.from(signature, 'base64url');
      const expected = signatureOf(blobKey, end, extension);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return { ok: false, reason: 'invalid' };
      if (Number.parseInt(end, 36) * 1_000 <= now.getTime()) return { ok: false, reason: 'expired' };
      return { ok: true, file: { blobKey, extension } };
    },
  };
}
