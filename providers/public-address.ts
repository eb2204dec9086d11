import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether a text is an address of the public internet: not private, loopback, link-local, mapped or reserved. */
function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/** Whether a base URL points to this very machine by its literal address or the name `localhost`. */
export function isLoopbackUrl(url: string): boolean {
  const host = bareHost(new URL(url));
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}

/**
 * Whether an address given by somebody else may be fetched, as far as it can be told before it is resolved: http or
 * https, and no literal address that is not public. A name is judged by `publicLookup`.
 */
export function mayBePublic(url: URL): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  const host = bareHost(url);
  return !ipaddr.isValid(host) || isPublicAddress(host);
}

/**
 * Resolves a name for a connection, and fails with `ENOTPUBLIC` unless all its addresses are public. Judging what is
 * connected to, and not an earlier resolution, leaves a name that changes its addresses no gap (U6).
 */
export const publicLookup: LookupFunction = (host, options, callback) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) return callback(error ?? notPublic(), '');
    if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(notPublic(), '');
    return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

function notPublic(): NodeJS.ErrnoException {
  return Object.assign(new Error('the name has an address that is not public'), { code: 'ENOTPUBLIC' });
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
