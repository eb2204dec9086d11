import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BreakerRules, BreakerState } from '../core/breaker.ts';
import { limits } from '../core/limits.ts';
import { type Outcome, notSent, refused } from '../core/result.ts';
import { type BreakerBook, createBreaker } from './breaker.ts';
import { type Exchange, type HttpAnswer, exchange } from './http-exchange.ts';
import type { TakeTurn, Turn } from './turns.ts';

export type { HttpAnswer } from './http-exchange.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Covers connecting, headers and the whole body of the answer. */
  readonly deadlineMs: number;
  /** The largest answer that is read; default `limits.providerAnswerBytesMax`. */
  readonly maxBytes?: number;
  /** Opens a socket of its own: for calls without idempotency, where a stale kept-alive socket would be unknown. */
  readonly freshConnection?: boolean;
  /** Says of an answer that the provider is unwell although its status is not 5xx; counted by the breaker. */
  readonly isUnwell?: (answer: HttpAnswer) => boolean;
  /** How the host's name is resolved, for addresses that somebody else has given. */
  readonly lookup?: LookupFunction;
  /** What logs and metrics call this request; default its path. Give it where the path holds an id or a secret. */
  readonly route?: string;
}

export interface HttpObservation {
  readonly provider: string;
  readonly method: string;
  readonly path: string;
  readonly outcome: Outcome<unknown>['outcome'];
  readonly status?: number;
  readonly reason?: string;
  readonly ms: number;
}

export interface Http {
  /**
   * Sends one request. `done`: an answer of any status was received whole. `not_sent`: nothing left (refused,
   * DNS, connect time-out, TLS, breaker open, no turn in time). `unknown`: it may have acted. Never throws for what the
   * network does, follows no redirect, and puts no header, body or query into logs or reasons.
   */
  send(request: HttpRequest): Promise<Outcome<HttpAnswer>>;
  /** The breaker's state, as this process knows it, for metrics. */
  state(): BreakerState;
  /** Closes idle connections. */
  close(): void;
}

export interface HttpOptions {
  readonly provider: string;
  readonly logger: Logger;
  readonly observe?: (observation: HttpObservation) => void;
  readonly breaker?: Partial<BreakerRules>;
  /** Where the breaker is shared with other processes, under the provider's name; absent: it is this client's own. */
  readonly breakerBook?: BreakerBook;
  /** When a request may leave; without it at once. One that does not get a turn in time is `not_sent`. */
  readonly takeTurn?: TakeTurn;
  readonly connectTimeoutMs?: number;
}

/** After so many failures in a row a provider is left alone for so long. */
const breakerRules: BreakerRules = { failures: 5, openMs: 60_000 };
const atOnce: Turn = { ok: true, waitMs: 0 };
const connectTimeoutMs = 10_000;
const socketsMax = 64;
/** Shorter than any server's own limit, so that a request seldom meets a socket that is just being closed. */
const idleSocketMs = 4_000;

/** The one way out to a provider: deadline, size cap, circuit breaker, rate budget, redaction and three outcomes. */
export function createHttp(options: HttpOptions): Http {
  const kept = { keepAlive: true, maxSockets: socketsMax, timeout: idleSocketMs };
  const agents = { 'http:': new http.Agent(kept), 'https:': new https.Agent(kept) };
  const breaker = createBreaker({
    way: options.provider,
    rules: { ...breakerRules, ...options.breaker },
    logger: options.logger,
    ...(options.breakerBook === undefined ? {} : { book: options.breakerBook }),
  });
  const report = createReport(options);

  async function attempt(url: URL, request: HttpRequest): Promise<Outcome<HttpAnswer>> {
    const admission = await breaker.admit(request.deadlineMs);
    if (!admission.ok) return notSent('breaker_open', admission.retryAfterMs);
    const agent = agents[url.protocol as keyof typeof agents];
    const outcome = await exchange({
      ...describe(url, request, options),
      agent: request.freshConnection ? false : agent,
    });
    await breaker.judge(admission.pass, isFailure(outcome, request));
    return outcome;
  }

  return {
    async send(request) {
      const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
      if (!url || !(url.protocol in agents)) return refused('bad_url', 'not an http or https address');
      const turn = options.takeTurn === undefined ? atOnce : await options.takeTurn();
      if (turn.ok && turn.waitMs > 0) await sleep(turn.waitMs);
      const startedAt = performance.now();
      const outcome = turn.ok ? await attempt(url, request) : notSent('rate_budget', turn.retryAfterMs);
      report(request, { path: request.route ?? url.pathname, outcome, ms: Math.round(performance.now() - startedAt) });
      return outcome;
    },
    state: breaker.state,
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

function describe(url: URL, request: HttpRequest, options: HttpOptions): Omit<Exchange, 'agent'> {
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
  return {
    url,
    method: request.method,
    headers: { ...request.headers, ...(body ? { 'content-length': String(body.byteLength) } : {}) },
    body,
    deadlineMs: request.deadlineMs,
    connectTimeoutMs: options.connectTimeoutMs ?? connectTimeoutMs,
    maxBytes: request.maxBytes ?? limits.providerAnswerBytesMax,
    ...(request.lookup ? { lookup: request.lookup } : {}),
  };
}

/** What opens the breaker: no connection, unknown outcomes and 5xx. A 4xx is a healthy provider that says no. */
function isFailure(outcome: Outcome<HttpAnswer>, { isUnwell }: HttpRequest): boolean {
  if (outcome.outcome !== 'done') return outcome.outcome !== 'refused';
  return outcome.value.status >= 500 || isUnwell?.(outcome.value) === true;
}

interface Ended {
  readonly path: string;
  readonly outcome: Outcome<HttpAnswer>;
  readonly ms: number;
}

function createReport({ provider, logger, observe }: HttpOptions) {
  return (request: HttpRequest, { path, outcome, ms }: Ended): void => {
    const observation: HttpObservation = {
      provider,
      method: request.method,
      path,
      outcome: outcome.outcome,
      ms,
      ...(outcome.outcome === 'done' ? { status: outcome.value.status } : {}),
      ...('reason' in outcome ? { reason: outcome.reason } : {}),
    };
    observe?.(observation);
    logger[outcome.outcome === 'done' ? 'debug' : 'warn'](observation, 'provider request');
  };
}
