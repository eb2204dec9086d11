import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { type Outcome, done, notSent, unknown } from '../core/result.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; repeated headers are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  text(): string;
}

export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | undefined;
  /** `false` opens a socket for this one request. */
  readonly agent: http.Agent | false;
  readonly deadlineMs: number;
  readonly connectTimeoutMs: number;
  readonly maxBytes: number;
  /** How the host's name is resolved; default: the system's way. */
  readonly lookup?: LookupFunction;
}

/** How far a request has come. Nothing can have left this process before `sent`. */
type Phase = 'connecting' | 'handshake' | 'sent' | 'answering';

interface Progress {
  phase: Phase;
}

function isSent({ phase }: Progress): boolean {
  return phase === 'sent' || phase === 'answering';
}

/**
 * One HTTP request and its whole answer. `done` is any answer received whole, whatever its status; `not_sent`: not one
 * byte of the request left; `unknown` is everything between. Redirects are not followed.
 *
 * It stands on node:http and not on fetch, because fetch does not tell a refused connection from a reset after the
 * request was written. Here the request is handed to the socket only when the connection (and TLS) stands, so the line
 * between `not_sent` and `unknown` is drawn by construction and not guessed from an error's text.
 */
export async function exchange(request: Exchange): Promise<Outcome<HttpAnswer>> {
  const secure = request.url.protocol === 'https:';
  const { url, method, headers, agent, lookup } = request;
  const outgoing = (secure ? https : http).request(url, { method, headers, agent, ...(lookup ? { lookup } : {}) });
  const progress: Progress = { phase: 'connecting' };
  try {
    const answer = await withTimers(request, { progress, outgoing, work: () => converse(request, outgoing, progress) });
    return done(answer);
  } catch (error) {
    outgoing.destroy();
    const reason = reasonOf(error, progress.phase);
    return isSent(progress) ? unknown(reason) : notSent(reason);
  }
}

async function converse(request: Exchange, outgoing: http.ClientRequest, progress: Progress): Promise<HttpAnswer> {
  outgoing.once('socket', (socket) => {
    whenReady({ socket, secure: request.url.protocol === 'https:', reused: outgoing.reusedSocket }, (phase) => {
      progress.phase = phase;
      if (phase === 'sent') outgoing.end(request.body);
    });
  });
  const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
  });
  progress.phase = 'answering';
  return readWhole(incoming, request.maxBytes);
}

/** Tells when the socket may carry the request: at once when it is reused, after connect and TLS when it is new. */
function whenReady(
  { socket, secure, reused }: { socket: Socket; secure: boolean; reused: boolean },
  step: (phase: Phase) => void,
): void {
  if (reused) return step('sent');
  if (secure) {
    socket.once('connect', () => step('handshake'));
    socket.once('secureConnect', () => step('sent'));
  } else if (socket.connecting) {
    socket.once('connect', () => step('sent'));
  } else {
    step('sent');
  }
}

class ExchangeError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

interface TimedWork<T> {
  readonly progress: Progress;
  readonly outgoing: http.ClientRequest;
  readonly work: () => Promise<T>;
}

async function withTimers<T>(request: Exchange, { progress, outgoing, work }: TimedWork<T>): Promise<T> {
  const timers: NodeJS.Timeout[] = [];
  const expired = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      reject(new ExchangeError(isSent(progress) ? 'timeout' : 'connect_timeout'));
      outgoing.destroy();
    };
    timers.push(setTimeout(stop, request.deadlineMs));
    timers.push(setTimeout(() => isSent(progress) || stop(), request.connectTimeoutMs));
  });
  try {
    return await Promise.race([work(), expired]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function readWhole(incoming: http.IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new ExchangeError('answer_too_large');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return {
    status: incoming.statusCode ?? 0,
    headers: flatHeaders(incoming.headers),
    bytes,
    text: () => bytes.toString('utf8'),
  };
}

function flatHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

const reasonsByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENOTPUBLIC: 'private_address',
  ETIMEDOUT: 'connect_timeout',
  ECONNRESET: 'connection_reset',
  EPIPE: 'connection_reset',
};

/** A short name for what went wrong; the error's own text may hold an address or a header and is not passed on. */
function reasonOf(error: unknown, phase: Phase): string {
  if (error instanceof ExchangeError) return error.reason;
  if (phase === 'handshake') return 'tls';
  if (phase === 'answering') return 'answer_cut';
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return 'answer_not_http';
  return reasonsByCode[code] ?? (phase === 'connecting' ? 'connect_failed' : 'connection_reset');
}

function codeOf(error: unknown): string {
  // Several addresses tried (IPv4 and IPv6) give one AggregateError; the first attempt speaks for all.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
