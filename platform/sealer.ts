import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from './secret.ts';

/** Seals texts that lie in the database but are nobody's to read there. */
export interface Sealer {
  /** `label` says what the text belongs to: sealed for one thing it does not open as another. */
  seal(text: string, label: string): Uint8Array;
  /** Undefined when it was sealed with another key, for something else, or was changed since. */
  open(sealed: Uint8Array, label: string): string | undefined;
}

const form = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under a key that is derived from a secret for one purpose: form, nonce, tag, sealed text. */
export function createSealer(secret: Secret, purpose: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', `holdfast-${purpose}`, 32));
  return {
    seal(text, label) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(form), nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, label) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < 1 + nonceBytes + tagBytes || bytes[0] !== form) return undefined;
      const nonce = bytes.subarray(1, 1 + nonceBytes);
      const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(label)).setAuthTag(tag);
      const text = decipher.update(bytes.subarray(1 + nonceBytes + tagBytes));
      try {
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (error) {
        // A plain error of no class of its own says that the tag does not fit.
        if (error instanceof Error) return undefined;
        throw error;
      }
    },
  };
}
