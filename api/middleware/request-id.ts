import { randomUUID } from 'node:crypto';
import type { Logger } from '../../platform/logger.ts';
import type { ApiMiddleware } from '../context.ts';

/** Names each request, in its answer and in the logs: by the caller's own id where that is harmless, else by a new one. */
export function requestId(logger: Logger): ApiMiddleware {
  return (ctx, next) => {
    const given = ctx.get('x-request-id');
    ctx.state.requestId = /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    ctx.state.logger = logger.child({ requestId: ctx.state.requestId });
    ctx.state.route = 'unmatched';
    ctx.set('x-request-id', ctx.state.requestId);
    return next();
  };
}
