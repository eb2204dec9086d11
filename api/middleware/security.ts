import type { IncomingMessage } from 'node:http';
import cors from '@koa/cors';
import helmet from 'koa-helmet';
import type { ApiMiddleware } from '../context.ts';
import { Problem } from '../problem.ts';

/** Headers that take from a browser what an API never needs. Pages of ours widen the policy for themselves. */
export function securityHeaders(): ApiMiddleware {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Answers pages of the configured origins; the API's calls refuse any other, `null` among them (A15). */
export function corsHeaders(origins: readonly string[]): ApiMiddleware {
  const allowed = new Set(origins);
  return cors({
    origin: (ctx) => (allowed.has(ctx.get('origin')) ? ctx.get('origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH'],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
    exposeHeaders: ['idempotency-replayed', 'retry-after', 'x-request-id'],
    maxAge: 600,
  });
}

/** Refuses what a page of a foreign origin sends. A page of this very host is no foreigner. */
export function refuseForeignOrigins(origins: readonly string[]): ApiMiddleware {
  const allowed = new Set(origins);
  return (ctx, next) => {
    if (isOwnOrigin(ctx.req, allowed)) return next();
    throw new Problem('origin_not_allowed');
  };
}

/** Whether a request comes from no page at all, from a page of this very host, or from a page of these origins. */
export function isOwnOrigin({ headers }: IncomingMessage, allowed: ReadonlySet<string>): boolean {
  const { origin = '', host } = headers;
  if (origin === '' || allowed.has(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
