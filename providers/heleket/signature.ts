import { createHash, timingSafeEqual } from 'node:crypto';

/** `md5(base64(bytes) + key)` in lower-case hex: the signature of a request and of a webhook. */
export function sign(body: string, key: string): string {
  return createHash('md5')
    .update(Buffer.from(body, 'utf8').toString('base64') + key)
    .digest('hex');
}

/** A webhook's body the way PHP writes it: each `/` as `\/`, other letters as they are. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('/', '\\/');
}

/** Whether a signature is that of one of these texts under one of these keys. Takes the same time for each answer. */
export function isSignedBy(given: string, texts: readonly string[], keys: readonly string[]): boolean {
  const wanted = Buffer.from(given, 'utf8');
  let isSigned = false;
  for (const key of keys) {
    for (const text of texts) {
      const made = Buffer.from(sign(text, key), 'utf8');
      isSigned = (made.length === wanted.length && timingSafeEqual(made, wanted)) || isSigned;
    }
  }
  return isSigned;
}
