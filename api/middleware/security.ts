import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from '@koa/cors';
import helmet from 'koa-helmet';
import type { ApiContext, ApiMiddleware } from '../context.ts';
import { Problem } from '../problem.ts';

/**
 * Headers that take from a browser what an API never needs. Pages of ours widen the policy for themselves. They are the
 * same for every answer, so helmet is asked for them once.
 */
export function securityHeaders(): ApiMiddleware {
  const headers = askHelmet();
  return async (ctx, next) => {
    ctx.res.setHeaders(await headers);
    await next();
  };
}

async function askHelmet(): Promise<Map<string, string>> {
  const middleware = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  await middleware({ req, res } as ApiContext, () => Promise.resolve());
  return new Map(Object.entries(res.getHeaders()).map(([name, value]) => [name, String(value)]));
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
