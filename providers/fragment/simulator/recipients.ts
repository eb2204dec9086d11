import { createHash } from 'node:crypto';

/** What the site says about a name. */
export type Recipient = { readonly username: string } | { readonly error: string };

/**
 * Any name is a person's. Some play the other answers: `nobody…` is unknown, `…_channel` and `…_bot` are no people,
 * `closed…` takes no gifts, `premium…` has Premium already, and what is paid for `lost…` never arrives.
 */
export function findRecipient(query: string, kind: 'stars' | 'premium'): Recipient {
  const username = query.trim().replace(/^@/, '');
  const lower = username.toLowerCase();
  if (!/^\w{4,32}$/.test(username) || lower.startsWith('nobody')) return { error: 'No Telegram users found.' };
  if (/_(channel|bot)$/.test(lower)) return { error: 'Please enter a username assigned to a user.' };
  if (lower.startsWith('closed')) {
    const gift = kind === 'stars' ? 'Telegram Stars' : 'Telegram Premium';
    return { error: `You can't gift ${gift} to this account at this moment.` };
  }
  return { username };
}

/** What a person of that name is called: `anna_demo` is Anna Demo, and `pat_o_hara` Pat O'Hara. */
export function nameOf(username: string): string {
  const parts = username.split('_').filter((part) => part !== '');
  const name = parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join(' ');
  return name.replace(/\bO /, "O'") || username;
}

/** Whose gifts are paid for and get lost. */
export function isNeverServed(username: string): boolean {
  return username.toLowerCase().startsWith('lost');
}

/** Whether Premium cannot be given because it is there. */
export function hasPremium(username: string): boolean {
  return username.toLowerCase().startsWith('premium');
}

const secret = 'recipient of the simulator';

/** The opaque token that a name goes on under. */
export function tokenOf(username: string): string {
  return `${Buffer.from(username).toString('base64url')}.${signatureOf(username)}`;
}

/** The name of a token; undefined for one that was not made here. */
export function usernameOf(token: string): string | undefined {
  const [name = '', signature] = token.split('.');
  const username = Buffer.from(name, 'base64url').toString();
  return signature === signatureOf(username) ? username : undefined;
}

function signatureOf(username: string): string {
  return createHash('sha256').update(`${secret}/${username}`).digest('base64url').slice(0, 16);
}
