import type { ApiMetrics } from '../../platform/telemetry/api-metrics.ts';
import type { ApiContext, ApiMiddleware } from '../context.ts';

/** One log line and one observation for each request, by the route's pattern. */
export function observe(metrics: ApiMetrics): ApiMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    let finished = false;
    ctx.res.once('close', () => {
      if (!finished) ctx.state.logger.info({ route: ctx.state.route, method: ctx.method }, 'request aborted');
    });
    await next();
    ctx.res.once('finish', () => {
      finished = true;
      record(ctx, metrics, performance.now() - startedAt);
    });
  };
}

function record(ctx: ApiContext, metrics: ApiMetrics, ms: number): void {
  const { route, logger, person } = ctx.state;
  const labels = { method: ctx.method, route, status: String(ctx.status) };
  metrics.requests.observe(labels, ms / 1_000);
  const line = { ...labels, status: ctx.status, ms: Math.round(ms * 10) / 10, userId: person?.id };
  if (ctx.status >= 500) logger.warn(line, 'request failed');
  else logger.info(line, 'request');
}
