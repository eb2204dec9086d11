import { randomUUID } from 'node:crypto';
import type { Logger } from '../../platform/logger.ts';
import type { ApiMiddleware, ApiState, Person } from '../context.ts';

/**
 * Names each request, in its answer and in the logs: by the caller's own id where that is harmless, else by a new
 * one.
 */
export function requestId(logger: Logger): ApiMiddleware {
  return (ctx, next) => {
    const given = ctx.get('x-request-id');
    ctx.state = new RequestState(logger, harmlessId.test(given) ? given : randomUUID());
    ctx.set('x-request-id', ctx.state.requestId);
    return next();
  };
}

const harmlessId = /^[\w-]{8,64}$/;

/** What is known of a request. Its logger is made when it is used: most requests write but one line, with its ids. */
class RequestState implements ApiState {
  readonly requestId: string;
  route = 'unmatched';
  person?: Person;
  orderId?: string;
  readonly #logger: Logger;

  constructor(logger: Logger, id: string) {
    this.#logger = logger;
    this.requestId = id;
  }

  get logger(): Logger {
    return childOf(this.#logger, this);
  }
}

function childOf(logger: Logger, { requestId: id, person, orderId }: ApiState): Logger {
  return logger.child({
    requestId: id,
    ...(person === undefined ? {} : { userId: person.id }),
    ...(orderId === undefined ? {} : { orderId }),
  });
}
