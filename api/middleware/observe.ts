import type { Logger } from '../../platform/logger.ts';
import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext, ApiMiddleware } from '../context.ts';

export interface ObserveDeps {
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
}

/** One log line and one observation for each request, by the route's pattern. */
export function observe(deps: ObserveDeps): ApiMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    ctx.res.once('close', () => record(ctx, deps, performance.now() - startedAt));
    await next();
  };
}

function record(ctx: ApiContext, { logger, metrics }: ObserveDeps, ms: number): void {
  const { route, requestId, person, orderId } = ctx.state;
  const { method, status } = ctx;
  const line = { requestId, method, route, status, ms: Math.round(ms * 10) / 10, userId: person?.id, orderId };
  // The client has gone: what it would have been told does not count as an answer.
  if (!ctx.res.writableFinished) return logger.info(line, 'request aborted');
  metrics.requests.observe({ method, route, status: String(status) }, ms / 1_000);
  if (status >= 500) logger.warn(line, 'request failed');
  else logger.info(line, 'request');
}
