import { errorFacts } from '../../core/errors.ts';
import { isUnavailable } from '../../db/unavailable.ts';
import type { ApiContext, ApiMiddleware } from '../context.ts';
import { Problem } from '../problem.ts';

/** How long we go on reading, and throwing away, a body that was refused, so that the sender can read why. */
const lingerMs = 5_000;

/**
 * The one place where refusals and errors become answers. Of an error that nobody expected the caller learns an id and
 * nothing else (A13); the log has it whole.
 */
export function problems(): ApiMiddleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && (ctx.body ?? null) === null) throw new Problem('not_found');
      if (ctx.status === 405 || ctx.status === 501) throw new Problem('method_not_allowed');
    } catch (error) {
      answerProblem(ctx, toProblem(ctx, error));
    }
  };
}

/** Writes a problem as the answer. */
function answerProblem(ctx: ApiContext, problem: Problem): void {
  ctx.status = errorFacts(problem.code).status;
  ctx.body = JSON.stringify(problem.toBody(ctx.state.requestId));
  ctx.type = 'application/problem+json';
  ctx.set('cache-control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) ctx.set('retry-after', String(problem.retryAfterSeconds));
  if (ctx.status === 401) ctx.set('www-authenticate', 'Bearer');
  if (problem.code === 'request_timeout') ctx.set('connection', 'close');
  if (!ctx.req.complete) linger(ctx);
}

function toProblem(ctx: ApiContext, error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isBadAddress(error)) return new Problem('invalid_request', { detail: 'The address cannot be read.' });
  if (isUnavailable(error)) {
    ctx.state.logger.warn({ err: error }, 'a part we need is not available');
    return new Problem('temporarily_unavailable');
  }
  ctx.state.logger.error({ err: error }, 'unexpected error');
  return new Problem('internal_error');
}

/** A path that is no well-formed percent-encoding. */
function isBadAddress(error: unknown): boolean {
  return error instanceof Error && (error instanceof URIError || ('status' in error && error.status === 400));
}

/** Lets the rest of a refused body run into nothing for a while, then ends the connection. */
function linger(ctx: ApiContext): void {
  const { req } = ctx;
  const { socket } = req;
  req.resume();
  const timer = setTimeout(() => {
    if (!req.complete && !req.destroyed) socket.destroy();
  }, lingerMs);
  timer.unref();
  req.once('close', () => clearTimeout(timer));
}
