import type { IncomingMessage } from 'node:http';
import { liveProtocol, liveTokenPrefix } from '../../core/live.ts';
import type { Logins } from '../../db/logins.ts';
import type { Tokens } from '../auth/tokens.ts';
import { isOwnOrigin } from '../middleware/security.ts';
import type { RateVerdict } from '../../db/rate-limits.ts';
import type { Holder } from './socket.ts';

export interface EntranceDeps {
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly logins: Pick<Logins, 'session'>;
  readonly corsOrigins: readonly string[];
  readonly admitAddress: (request: IncomingMessage) => Promise<RateVerdict>;
  readonly isFull: () => boolean;
}

export type Entry =
  /** Answered before there is a socket. */
  | { readonly outcome: 'refused'; readonly status: 403 | 429 | 503; readonly retryAfterSeconds?: number }
  /** A browser cannot see a status: the handshake is completed and the socket closed at once. */
  | { readonly outcome: 'turned_away'; readonly reason: 'unauthorized' | 'banned' }
  | { readonly outcome: 'admitted'; readonly holder: Holder };

/** Decides who may have a socket. The token is looked for in the offered subprotocols only, and is never logged. */
export function createEntrance(deps: EntranceDeps): (request: IncomingMessage) => Promise<Entry> {
  const allowed = new Set(deps.corsOrigins);
  return async (request) => {
    if (!isOwnOrigin(request, allowed)) return { outcome: 'refused', status: 403 };
    if (deps.isFull()) return { outcome: 'refused', status: 503, retryAfterSeconds: 5 };
    const verdict = await deps.admitAddress(request);
    if (verdict.outcome === 'unavailable') return { outcome: 'refused', status: 503, retryAfterSeconds: 5 };
    if (verdict.outcome === 'refused') {
      return { outcome: 'refused', status: 429, retryAfterSeconds: verdict.retryAfterSeconds };
    }
    return identify(deps, request);
  };
}

async function identify({ tokens, logins }: EntranceDeps, request: IncomingMessage): Promise<Entry> {
  const token = tokenOf(request);
  const verdict = token === undefined ? undefined : await tokens.verify(token);
  if (verdict?.ok !== true) return { outcome: 'turned_away', reason: 'unauthorized' };
  const { claims, expiresAtMs } = verdict;
  const session = await logins.session(claims.loginId, claims.userId);
  if (session === null || session.revoked) return { outcome: 'turned_away', reason: 'unauthorized' };
  if (session.status === 'banned') return { outcome: 'turned_away', reason: 'banned' };
  return { outcome: 'admitted', holder: { ...claims, expiresAtMs } };
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((part) => part.trim());
  if (!offered.includes(liveProtocol)) return undefined;
  return offered.find((part) => part.startsWith(liveTokenPrefix))?.slice(liveTokenPrefix.length);
}
