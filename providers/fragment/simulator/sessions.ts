import { randomBytes } from 'node:crypto';
import { Address, Cell, contractAddress, loadStateInit } from '@ton/core';
import { signVerify } from '@ton/crypto';
import { z } from 'zod';
import { parseJson } from '../../../core/json.ts';
import type { SimulatorParts } from '../../simulator-kit.ts';
import { proofDigest } from '../../ton/proof.ts';
import type { SimAccount, SimSession } from './model.ts';
import type { Settings } from './options.ts';

export interface Sessions {
  /** The session of a request's cookies; undefined where it has none that is known. */
  find(cookies: Readonly<Record<string, string>>): SimSession | undefined;
  /** The same with the log-in in Telegram proved by `stel_token`. */
  isLoggedIn(cookies: Readonly<Record<string, string>>): boolean;
  hasWallet(session: SimSession, cookies: Readonly<Record<string, string>>): boolean;
  create(): SimSession;
  /** The page's token: the old one while it is young. */
  hashOf(session: SimSession): string;
  accepts(session: SimSession, hash: string): boolean;
  /** Checks a proof of a wallet and links it; the answer is the new cookie. */
  link(session: SimSession, fields: URLSearchParams): string | undefined;
  /** Ends what the word says. */
  expire(what: ExpiredThing): void;
  login(): void;
  account(): SimAccount;
  list(): SimSession[];
}

export const expiredThings = ['hash', 'session', 'wallet', 'login'] as const;
export type ExpiredThing = (typeof expiredThings)[number];

interface SessionsDeps {
  readonly parts: SimulatorParts;
  readonly settings: Settings;
  /** The log-in's cookie that is accepted. */
  readonly token: string;
}

const sessionsMax = 100;
const proofAgeMaxS = 15 * 60;

/** The sessions of the site's visitors. */
export function createSessions({ parts, settings, token }: SessionsDeps): Sessions {
  const sessions = parts.store.collection<SimSession>('sessions');
  const accounts = parts.store.collection<SimAccount>('account');
  const account = () => accounts.get('account') ?? { loggedIn: true, sessionCount: 0, proofCount: 0 };
  const change = (changes: Partial<SimAccount>) => accounts.put('account', { ...account(), ...changes });
  const { nowMs } = parts.clock;

  function renewHash(session: SimSession): void {
    sessions.put(session.ssid, Object.assign(session, { hash: newHash(), hashAtMs: nowMs() }));
  }

  return {
    find: ({ stel_ssid: ssid }) => (ssid === undefined ? undefined : sessions.get(ssid)),
    isLoggedIn: ({ stel_token: given }) => given === token && account().loggedIn,
    hasWallet: (session, { stel_ton_token: given }) => given !== undefined && given === session.tonToken,
    create() {
      const [oldest] = sessions.ids();
      if (oldest !== undefined && sessions.size >= sessionsMax) sessions.delete(oldest);
      const ssid = `${randomBytes(16).toString('hex')}_${sessions.size}`;
      const session = { ssid, hash: newHash(), hashAtMs: nowMs(), proofPayload: randomBytes(32).toString('hex') };
      sessions.put(ssid, session);
      change({ sessionCount: account().sessionCount + 1 });
      return session;
    },
    hashOf(session) {
      if (nowMs() - session.hashAtMs >= settings.now().hashLifetimeMs) renewHash(session);
      return session.hash;
    },
    accepts: (session, hash) => hash === session.hash && nowMs() - session.hashAtMs < settings.now().hashLifetimeMs,
    link(session, fields) {
      const address = provedAddress(session.proofPayload, fields, nowMs());
      if (address === undefined) return undefined;
      const tonToken = randomBytes(24).toString('base64url');
      sessions.put(session.ssid, Object.assign(session, { tonToken, address }));
      change({ proofCount: account().proofCount + 1 });
      return tonToken;
    },
    expire(what) {
      if (what === 'login') change({ loggedIn: false });
      for (const session of [...sessions.values()]) {
        if (what === 'session') sessions.delete(session.ssid);
        if (what === 'hash') renewHash(session);
        if (what === 'wallet') {
          const { tonToken: _gone, address: _linked, ...rest } = session;
          sessions.put(session.ssid, rest);
        }
      }
    },
    login: () => change({ loggedIn: true }),
    account,
    list: () => [...sessions.values()],
  };
}

function newHash(): string {
  return randomBytes(9).toString('hex');
}

const accountSchema = z.object({
  address: z.string(),
  publicKey: z.string().regex(/^[\da-f]{64}$/i),
  walletStateInit: z.string(),
});
const proofSchema = z.object({
  timestamp: z.coerce.number().int(),
  domain: z.object({ lengthBytes: z.int(), value: z.string() }),
  signature: z.string(),
  payload: z.string(),
});

/** The raw address whose owner signed this session's challenge; undefined when anything about the proof is wrong. */
function provedAddress(challenge: string, fields: URLSearchParams, nowMs: number): string | undefined {
  const account = accountSchema.safeParse(parseJson(fields.get('account') ?? ''));
  const proof = proofSchema.safeParse(parseJson(fields.get('proof') ?? ''));
  if (!account.success || !proof.success) return undefined;
  const { address: text, publicKey, walletStateInit } = account.data;
  const { timestamp, domain, signature, payload } = proof.data;
  if (payload !== challenge || domain.value !== 'fragment.com') return undefined;
  if (domain.lengthBytes !== Buffer.byteLength(domain.value)) return undefined;
  if (Math.abs(nowMs / 1_000 - timestamp) > proofAgeMaxS || !Address.isRaw(text)) return undefined;
  const address = Address.parseRaw(text);
  if (!isCodeOf(address, { walletStateInit, publicKey })) return undefined;
  const digest = proofDigest(address, { domain: domain.value, timestamp, payload });
  const isSigned = signVerify(digest, Buffer.from(signature, 'base64'), Buffer.from(publicKey, 'hex'));
  return isSigned ? address.toRawString() : undefined;
}

/** Whether a wallet's code and data make this address, and hold this key. */
function isCodeOf(address: Address, account: { walletStateInit: string; publicKey: string }): boolean {
  const cell = Cell.fromBase64(account.walletStateInit);
  const init = loadStateInit(cell.beginParse());
  const { code, data } = init;
  if (!code || !data || !contractAddress(address.workChain, { code, data }).equals(address)) return false;
  return bitsHex(data).includes(account.publicKey.toLowerCase());
}

/** The data's bits as hex, from each of the four positions in a digit. */
function bitsHex(data: Cell): string {
  const bits = Array.from({ length: data.bits.length }, (_, at) => (data.bits.at(at) ? '1' : '0')).join('');
  return [0, 1, 2, 3]
    .map((from) =>
      (bits.slice(from).match(/.{4}/g) ?? []).map((digit) => Number.parseInt(digit, 2).toString(16)).join(''),
    )
    .join(' ');
}
