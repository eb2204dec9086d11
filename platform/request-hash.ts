import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/**
 * What tells the replay of a request from another request under its key: SHA-256 of the route and the checked body with
 * sorted keys. Prices and other values of ours are not in it.
 */
export function hashRequest(routeName: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${routeName}\n${canonicalJson(body)}`)
    .digest();
}
