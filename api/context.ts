import type { Middleware, ParameterizedContext } from 'koa';
import type { Role } from '../core/access.ts';
import type { Logger } from '../platform/logger.ts';

/** Who asks, and what they may: read from the database with every request. What is shown of them is their profile. */
export interface Person {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly loginId: string;
}

export interface ApiState {
  requestId: string;
  /** Writes lines that name the request, the person and the order. */
  readonly logger: Logger;
  /** The pattern of the route, for logs and metrics: never the path itself, which may hold a secret. */
  route: string;
  person?: Person;
  /** The order that a request places or is about. */
  orderId?: string;
}

export type ApiContext = ParameterizedContext<ApiState>;
export type ApiMiddleware = Middleware<ApiState>;
