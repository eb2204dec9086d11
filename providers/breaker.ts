import type { Logger } from 'pino';
import type { BreakerRules, BreakerStanding, BreakerState } from '../core/breaker.ts';
import { inTime } from '../platform/in-time.ts';

/** Where breakers are kept that several processes share. Whatever it throws means that it cannot be reached. */
export interface BreakerBook {
  /** Tells `heard` how a way's breaker stands whenever that is learnt; asks nothing. */
  watch(way: string, heard: (standing: BreakerStanding) => void): void;
  /**
   * Asks for the one probe for `leaseMs`. `probe` null: it is somebody else's, the pause goes on, or the breaker is
   * closed.
   */
  takeProbe(
    way: string,
    leaseMs: number,
  ): Promise<{ readonly probe: bigint | null; readonly standing: BreakerStanding }>;
  /** Writes down what became of a call; `probe`: its number, null of a call that was none. */
  judge(way: string, call: JudgedCall): Promise<BreakerStanding>;
}

export interface JudgedCall {
  readonly probe: bigint | null;
  readonly isFailure: boolean;
  readonly rules: BreakerRules;
}

/** The right to send one call. */
export interface Pass {
  /** The number of the shared probe; null of a call that is none, or of a probe that only this process knows of. */
  readonly probe: bigint | null;
  readonly isProbe: boolean;
}

export type Admission =
  { readonly ok: true; readonly pass: Pass } | { readonly ok: false; readonly retryAfterMs: number };

export interface Breaker {
  /** Whether a call may leave that ends within `callMs`. */
  admit(callMs: number): Promise<Admission>;
  /** What became of a call that was let through. */
  judge(pass: Pass, isFailure: boolean): Promise<void>;
  state(): BreakerState;
}

export interface BreakerOptions {
  readonly way: string;
  readonly rules: BreakerRules;
  readonly logger: Logger;
  /** Absent: the breaker is this process's own. */
  readonly book?: BreakerBook;
}

interface Known extends Omit<BreakerStanding, 'waitMs'> {
  /** By this process's monotonic clock. */
  readonly untilMs: number;
}

/** A database that answers later than this is not waited for: the call to the provider is worth more. */
const bookTimeoutMs = 1_000;
/** What the lease of a probe has beyond its call's own deadline. */
const leaseSpareMs = 2_000;
/** Whoever meets somebody else's probe comes again soon: its answer may be there at any moment. */
const probeRetryMs = 1_000;
const ordinary: Admission = { ok: true, pass: { probe: null, isProbe: false } };

/**
 * A circuit breaker: closed, open for a while after so many failures in a row, then half-open while one probe is under
 * way, whose success closes it and whose failure opens it anew (5 failures, 60 s, one probe). With a book it is one
 * over all processes. This process keeps what it heard last, so that a healthy way costs neither a read nor a write; a
 * failure is written, and a success only where failures stand.
 *
 * While the book cannot be reached the breaker goes on from what was known last, as one of this process alone, and the
 * book's next news override it: a database that is away keeps no call from a provider that answers. A breaker only
 * decides whether a call leaves; one that does not is `not_sent`, which is safe for money in every case.
 */
export function createBreaker({ way, rules, logger, book }: BreakerOptions): Breaker {
  let known: Known = { state: 'closed', failures: 0, version: 0, untilMs: 0 };
  let isAsking = false;

  function become(next: Known): void {
    const before = known.state;
    known = next;
    if (before === 'closed' && next.state === 'open') logger.warn({ provider: way, ...rules }, 'circuit opened');
    if (before !== 'closed' && next.state === 'closed') logger.info({ provider: way }, 'circuit closed');
  }

  function learn({ state, failures, version, waitMs }: BreakerStanding): void {
    if (version >= known.version) become({ state, failures, version, untilMs: performance.now() + waitMs });
  }

  /** What the book says, or what this process goes on from by itself. */
  async function consult<T>(ask: (from: BreakerBook) => Promise<T>, alone: () => T): Promise<T> {
    if (book === undefined) return alone();
    try {
      return await inTime(ask(book), bookTimeoutMs, () => new Error(`no answer within ${bookTimeoutMs} ms`));
    } catch (error) {
      logger.warn({ err: error, provider: way }, 'the shared breaker cannot be reached');
      return alone();
    }
  }

  function probe(leaseMs: number): Promise<Admission> {
    const askBook = async (from: BreakerBook): Promise<Admission> => {
      const { probe: number, standing } = await from.takeProbe(way, leaseMs);
      learn(standing);
      if (number !== null) return { ok: true, pass: { probe: number, isProbe: true } };
      return standing.state === 'closed' ? ordinary : refusal(standing.state, standing.waitMs);
    };
    return consult(askBook, () => {
      become({ ...known, state: 'half_open', untilMs: performance.now() + leaseMs });
      return { ok: true, pass: { probe: null, isProbe: true } };
    });
  }

  book?.watch(way, learn);
  return {
    async admit(callMs) {
      if (known.state === 'closed') return ordinary;
      const waitMs = known.untilMs - performance.now();
      if (waitMs > 0 || isAsking) return refusal(isAsking ? 'half_open' : known.state, waitMs);
      isAsking = true;
      try {
        return await probe(callMs + leaseSpareMs);
      } finally {
        isAsking = false;
      }
    },
    async judge(pass, isFailure) {
      // What left before the breaker opened says nothing new.
      if (!pass.isProbe && (known.state !== 'closed' || (!isFailure && known.failures === 0))) return;
      const judged = { probe: pass.probe, isFailure, rules };
      const writeDown = async (into: BreakerBook) => learn(await into.judge(way, judged));
      await consult(writeDown, () => become(judgedAlone(known, rules, { isProbe: pass.isProbe, isFailure })));
    },
    state: () => known.state,
  };
}

function refusal(state: BreakerState, waitMs: number): Admission {
  const retryAfterMs = state === 'half_open' ? Math.min(Math.max(waitMs, 1), probeRetryMs) : Math.max(waitMs, 1);
  return { ok: false, retryAfterMs: Math.ceil(retryAfterMs) };
}

/** How the breaker of one process stands after a call; what left before it opened changes nothing. */
function judgedAlone(
  known: Known,
  rules: BreakerRules,
  { isProbe, isFailure }: { readonly isProbe: boolean; readonly isFailure: boolean },
): Known {
  if (!isProbe && known.state !== 'closed') return known;
  if (!isFailure) return { ...known, state: 'closed', failures: 0, untilMs: 0 };
  const failures = known.failures + 1;
  const opens = isProbe || failures >= rules.failures;
  if (!opens) return { ...known, failures };
  return { ...known, state: 'open', failures, untilMs: performance.now() + rules.openMs };
}
