import { lookup } from 'node:dns/promises';
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
 * Whether an address given by somebody else may be fetched: http or https, and every address that its host has is
 * public. A host that does not resolve is not public.
 */
export async function isPublicUrl(url: URL): Promise<boolean> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  const host = bareHost(url);
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address));
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
