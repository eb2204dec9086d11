import { randomUUID } from 'node:crypto';
import type { Logger } from '../../platform/logger.ts';
import type { ApiMiddleware, ApiState } from '../context.ts';

/**
 * Names each request, in its answer and in the logs: by the caller's own id where that is harmless, else by a new
 * one.
 */
export function requestId(logger: Logger): ApiMiddleware {
  return (ctx, next) => {
    const given = ctx.get('x-request-id');
    ctx.state.requestId = /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    ctx.state.route = 'unmatched';
    Object.defineProperty(ctx.state, 'logger', { get: () => childOf(logger, ctx.state) });
    ctx.set('x-request-id', ctx.state.requestId);
    return next();
  };
}

/** Made when it is used: most requests write one line, and that one names its ids itself. */
function childOf(logger: Logger, { requestId: id, person, orderId }: ApiState): Logger {
  return logger.child({
    requestId: id,
    ...(person === undefined ? {} : { userId: person.id }),
    ...(orderId === undefined ? {} : { orderId }),
  });
}
