import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { parseJson } from '../../core/json.ts';

/** Where YooKassa sends notifications from (its documentation on 2026-08-21). */
export const yookassaCidrs = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.154.128/25',
  '77.75.156.11/32',
  '77.75.156.35/32',
  '2a02:5180::/32',
] as const;

export interface YookassaNotification {
  /** `payment.succeeded`, `payment.canceled`, `payment.waiting_for_capture`, `refund.succeeded` and what comes. */
  readonly event: string;
  readonly objectId: string;
  /** Names the fact: the same one is sent again and again for 24 h, without an id of its own. */
  readonly dedupeKey: string;
  /** Facts of one object are handled one after the other. */
  readonly streamKey: string;
}

const notificationSchema = z.object({
  event: z.string().regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/),
  object: z.object({ id: z.string().regex(/^[0-9A-Za-z-]{1,64}$/) }),
});

/**
 * Reads a notification; undefined when it is none. Only the event's name and the object's id are taken: nothing is
 * signed, and the documents' own sample shows a body that contradicts its event, so the rest is read from the API.
 */
export function parseNotification(body: string): YookassaNotification | undefined {
  const parsed = notificationSchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { event, object } = parsed.data;
  return { event, objectId: object.id, dedupeKey: `${event}:${object.id}`, streamKey: `yookassa/${object.id}` };
}

/**
 * The check of a sender's address against networks in CIDR form (a bare address is one host). IPv4 in IPv6 counts as
 * IPv4; what is no address is outside. Throws on a network that is none, so that a misspelt list cannot start.
 */
export function createAddressCheck(networks: readonly string[]): (address: string | undefined) => boolean {
  const parsed = networks.map(parseNetwork);
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false;
    const sender = ipaddr.process(address);
    return parsed.some(([network, bits]) => network.kind() === sender.kind() && sender.match(network, bits));
  };
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
