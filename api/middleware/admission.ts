import { clientAddress } from '../../platform/client-address.ts';
import type { RateClass } from '../../core/http/contract.ts';
import type { RateLimits, RateVerdict } from '../../db/rate-limits.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext, ApiMiddleware } from '../context.ts';
import { Problem } from '../problem.ts';

export interface Admission {
  /**
   * Counts the request against the limits of its address and its person; throws `rate_limited`. Answers whether it was
   * counted for its person: the repeat of a key passes an exhausted limit uncounted.
   */
  admit(ctx: ApiContext, call: AdmittedCall): Promise<boolean>;
  /** A replay is not counted. Only for one that was: what was never taken would be a gift. */
  giveBack(ctx: ApiContext, rate: RateClass): void;
}

interface AdmittedCall {
  readonly rate: RateClass;
  /** The idempotency key, or nothing. */
  readonly key: string;
  readonly isReplay: ((key: string, userId: string) => Promise<boolean>) | undefined;
}

export interface AdmissionDeps {
  readonly rates: RateLimits;
  readonly metrics: ApiMetrics;
  readonly trustedProxyCount: number;
}

/** Decides whether a request is let in now. */
export function createAdmission(deps: AdmissionDeps): Admission {
  return {
    async admit(ctx, { rate, isReplay, key }) {
      const address = clientAddress(
        ctx.req.socket.remoteAddress,
        ctx.get('x-forwarded-for') || undefined,
        deps.trustedProxyCount,
      );
      refuse(deps, await deps.rates.admitAddress(address ?? 'unknown'));
      const userId = ctx.state.person?.id;
      if (userId === undefined) return false;
      const verdict = await deps.rates.admitPerson(userId, rate);
      const repeats = verdict.outcome === 'refused' && key !== '' && (await isReplay?.(key, userId)) === true;
      if (!repeats) refuse(deps, verdict);
      return !repeats;
    },
    giveBack(ctx, rate) {
      if (ctx.state.person !== undefined) deps.rates.giveBack(ctx.state.person.id, rate);
    },
  };
}

function refuse(deps: AdmissionDeps, verdict: RateVerdict): void {
  if (verdict.outcome === 'admitted') return;
  if (verdict.outcome === 'unavailable') throw new Problem('temporarily_unavailable');
  deps.metrics.rateRefusals.inc({ limit: verdict.limit });
  throw new Problem('rate_limited', {
    detail: `Try again in ${verdict.retryAfterSeconds} s.`,
    retryAfterSeconds: verdict.retryAfterSeconds,
  });
}

/** Turns requests away while too many wait for a connection already: a quick 503 instead of a long queue (L8). */
export function shedLoad(options: {
  readonly waiting: () => number;
  readonly waitingMax: number;
  readonly metrics: ApiMetrics;
}): ApiMiddleware {
  return (_ctx, next) => {
    if (options.waiting() < options.waitingMax) return next();
    options.metrics.shed.inc();
    throw new Problem('temporarily_unavailable', { detail: 'Too many requests wait for the database.' });
  };
}
