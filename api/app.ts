import { Router } from '@koa/router';
import Koa from 'koa';
import type { Logger } from '../platform/logger.ts';
import type { ApiMetrics } from '../platform/telemetry/api-metrics.ts';
import type { ApiMiddleware, ApiState } from './context.ts';
import { type Admission, shedLoad } from './middleware/admission.ts';
import type { Authenticate } from './middleware/authenticate.ts';
import type { Trail } from './middleware/trail.ts';
import { problems } from './middleware/errors.ts';
import { observe } from './middleware/observe.ts';
import { requestId } from './middleware/request-id.ts';
import { corsHeaders, refuseForeignOrigins, securityHeaders } from './middleware/security.ts';
import { describeApi } from './openapi.ts';
import { addRoute, type Route } from './route.ts';
import { addDocsRoutes } from './routes/docs.ts';
import { addFileRoutes, type FileDeps } from './routes/files.ts';
import { addHealthRoutes, type Readiness } from './routes/health.ts';
import { addWebappRoutes, type WebappDeps } from './routes/webapp.ts';

export interface ApiDeps {
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
  readonly version: string;
  readonly publicUrl: string;
  readonly corsOrigins: readonly string[];
  readonly authenticate: Authenticate;
  readonly admission: Admission;
  /** Writes down what operators do. */
  readonly trail: Trail;
  /** The calls under `/api/v1`. */
  readonly routes: readonly Route[];
  readonly files: FileDeps;
  readonly webapp: WebappDeps;
  readonly readiness: Readiness;
  /** Adds the webhooks, each at its own path. */
  readonly addWebhooks: (router: Router<ApiState>) => void;
  /** How many requests wait for a connection of the database now, and how many may. */
  readonly waiting: { readonly now: () => number; readonly max: number };
  readonly deadlines: { readonly bodyMs: number; readonly answerMs: number };
}

/**
 * The whole HTTP surface. The order of the middleware is the order in which a request is judged. Webhooks, health and
 * pages stand outside `/api/v1` and so outside of what people's requests can exhaust. Webhooks come before all that is
 * there for browsers: no page calls them, and they are answered in the time that a busy bot has.
 */
export function createApi(deps: ApiDeps): Koa<ApiState> {
  const app = new Koa<ApiState>();
  // Koa's own error event only repeats what `problems` has logged, or a connection that the client has closed.
  app.silent = true;
  app.on('error', (error: unknown) => deps.logger.debug({ err: error }, 'a connection broke'));
  const webhooks = new Router<ApiState>();
  deps.addWebhooks(webhooks);
  const outside = createOutsideRouter(deps);
  const api = createApiRouter(deps);
  const middleware: ApiMiddleware[] = [
    requestId(deps.logger),
    observe(deps),
    problems(),
    webhooks.routes() as unknown as ApiMiddleware,
    securityHeaders(),
    corsHeaders(deps.corsOrigins),
    outside.routes() as unknown as ApiMiddleware,
    api.routes() as unknown as ApiMiddleware,
    outside.allowedMethods() as unknown as ApiMiddleware,
    api.allowedMethods() as unknown as ApiMiddleware,
  ];
  for (const layer of middleware) app.use(layer);
  return app;
}

function createOutsideRouter(deps: ApiDeps): Router<ApiState> {
  const router = new Router<ApiState>();
  addHealthRoutes(router, deps.readiness, deps.version);
  addDocsRoutes(router, describeApi(deps));
  addFileRoutes(router, deps.files);
  addWebappRoutes(router, deps.webapp);
  return router;
}

function createApiRouter(deps: ApiDeps): Router<ApiState> {
  const router = new Router<ApiState>({ prefix: '/api/v1' });
  const { waiting, metrics } = deps;
  router.use(refuseForeignOrigins(deps.corsOrigins) as never);
  router.use(shedLoad({ waiting: waiting.now, waitingMax: waiting.max, metrics }) as never);
  const routeDeps = {
    authenticate: deps.authenticate,
    admission: deps.admission,
    trail: deps.trail,
    bodyDeadlineMs: deps.deadlines.bodyMs,
    answerDeadlineMs: deps.deadlines.answerMs,
  };
  for (const route of deps.routes) addRoute(router, route, routeDeps);
  return router;
}
