import type { Middleware, ParameterizedContext } from 'koa';
import type { Role } from '../core/access.ts';
import type { Logger } from '../platform/logger.ts';

/** Who asks. */
export interface Person {
  readonly id: string;
  readonly telegramId: bigint;
  readonly firstName: string;
  readonly username: string | null;
  readonly language: string;
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
