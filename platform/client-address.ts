import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Ranges that the proxy next to us stands in; a peer with a public address is the client itself. */
const proxyRanges: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'];

/**
 * The address that a request comes from, in its plain form (IPv4 inside IPv6 as IPv4). `X-Forwarded-For` is believed
 * from its right end, one entry for each trusted proxy and no further, and only when the connection itself comes from a
 * private address: who reaches us around the proxy is taken by the address of the connection. Undefined when an entry
 * that must be believed is no address (W11).
 */
export function clientAddress(
  remoteAddress: string | undefined,
  xForwardedFor: string | undefined,
  trustedProxyCount: number,
): string | undefined {
  const peer = plain(remoteAddress);
  if (peer === undefined || trustedProxyCount === 0 || !isProxy(peer)) return peer;
  const hops = xForwardedFor === undefined ? [] : xForwardedFor.split(',');
  if (hops.length === 0) return peer;
  return plain(hops.at(-Math.min(trustedProxyCount, hops.length))?.trim());
}

function plain(address: string | undefined): string | undefined {
  if (address === undefined || isIP(address) === 0) return undefined;
  return ipaddr.process(address).toString();
}

function isProxy(address: string): boolean {
  return proxyRanges.includes(ipaddr.parse(address).range());
}
