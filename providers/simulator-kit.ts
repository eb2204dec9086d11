import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import ipaddr from 'ipaddr.js';
import { default as Router } from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { type Faults, createFaults, faultRulesSchema, requestFaultsMiddleware } from './faults.ts';
import { type Notifier, createNotifier } from './notifier.ts';
import { type Clock, type JobHandlers, type Jobs, createJobs } from './simulator-jobs.ts';
import { type Store, createStore } from './simulator-store.ts';

/** What a simulator's own parts are made from. */
export interface SimulatorParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly faults: Faults;
  readonly notifier: Notifier;
  readonly logger: Logger;
  /** The simulator's own origin, known once it listens. */
  origin(): string;
}

export interface SimulatorDefinition {
  /** The provider's paths, and pages for people. Mounted behind the fault rules. */
  readonly routes: Router | readonly Router[];
  /** Controls of this simulator, mounted under `/_sim`; loopback only. */
  readonly controls?: Router;
  /** The answer of `GET /_sim/state`. */
  state(): unknown;
  /** Forgets what is not in the store. */
  reset?(): void;
  /** The clock was turned back: what waits for a moment outside the jobs waits no more. */
  clockTurnedBack?(): void;
  readonly jobs?: JobHandlers;
  /** What stops with the simulator, such as a second origin. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

export interface SimulatorOptions {
  readonly name: string;
  readonly logger: Logger;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Where the state is kept over restarts; without it, in memory. */
  readonly statePath?: string;
}

export interface Simulator {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
}

/**
 * A provider's twin: a server on its own origin with the provider's paths, fault rules, controls under `/_sim` and a
 * state that survives a restart and a kill.
 */
export function createSimulator(
  options: SimulatorOptions,
  define: (parts: SimulatorParts) => SimulatorDefinition,
): Simulator {
  const logger = options.logger.child({ simulator: options.name });
  let running: { url: string; close: () => Promise<void> } | undefined;

  return {
    async start() {
      if (running) return { url: running.url };
      running = await launch({ ...options, logger }, define);
      return { url: running.url };
    },
    async stop() {
      const { close } = running ?? {};
      running = undefined;
      await close?.();
    },
  };
}

async function launch(options: SimulatorOptions, define: (parts: SimulatorParts) => SimulatorDefinition) {
  const { logger } = options;
  const store = createStore(options.statePath);
  const faults = createFaults();
  const notifier = createNotifier(faults);
  const handlers: Record<string, JobHandlers[string]> = {};
  const { jobs, clock } = createJobs({ store, handlers, logger });
  let url = '';
  const parts = { store, clock, jobs, faults, notifier, logger, origin: () => url };
  const definition = define(parts);
  Object.assign(handlers, definition.jobs);

  const app = createApp(logger);
  app.use(guardControls);
  mount(app, controlRoutes(parts, definition));
  if (definition.controls) mount(app, definition.controls.prefix('/_sim'));
  app.use(requestFaultsMiddleware(faults));
  for (const router of [definition.routes].flat()) mount(app, router);
  const server = await openServer(app, options);
  url = server.url;
  await definition.start?.();
  jobs.start();

  return {
    url,
    async close() {
      await server.close();
      notifier.close();
      await jobs.stop();
      await definition.stop?.();
      store.close();
    },
  };
}

/** A Koa application that logs what goes wrong with it; a client that hung up is no news. */
export function createApp(logger: Logger): Koa {
  const app = new Koa();
  app.on('error', (error: Error & { code?: string; expose?: boolean }) => {
    const hungUp = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '');
    if (!hungUp && !error.expose) logger.error({ err: error }, 'simulator failed to answer');
  });
  return app;
}

function mount(app: Koa, router: Router): void {
  app.use(router.routes());
}

/** Listens and tells where; `close` also ends connections that are still open. */
export async function openServer(
  app: Koa,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number },
): Promise<{ url: string; close: () => Promise<void> }> {
  const handle = app.callback();
  const server: Server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost === '0.0.0.0' ? '127.0.0.1' : shownHost}:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

const aheadMsMax = 10 * 365 * 86_400_000;
const clockSchema = z.union([z.strictObject({ advanceMs: z.int().min(0) }), z.strictObject({ aheadMs: z.int() })]);

function controlRoutes(parts: SimulatorParts, definition: SimulatorDefinition): Router {
  const { store, faults, clock } = parts;
  const router = new Router({ prefix: '/_sim' });
  router.get('/state', (ctx) => {
    ctx.body = definition.state();
  });
  router.post('/reset', (ctx) => {
    store.clear();
    faults.set([]);
    definition.reset?.();
    ctx.body = definition.state();
  });
  router.get('/faults', (ctx) => {
    ctx.body = { rules: faults.rules() };
  });
  router.post('/faults', async (ctx) => {
    const { rules } = await readJson(ctx, faultRulesSchema);
    ctx.body = { rules: faults.set(rules) };
  });
  const tellClock = (ctx: Context): void => {
    ctx.body = { now: new Date(clock.nowMs()).toISOString(), aheadMs: clock.aheadMs() };
  };
  router.get('/clock', tellClock);
  router.post('/clock', async (ctx) => {
    const wish = await readJson(ctx, clockSchema);
    const before = clock.aheadMs();
    const ahead = 'aheadMs' in wish ? wish.aheadMs : before + wish.advanceMs;
    if (Math.abs(ahead) > aheadMsMax) return ctx.throw(400, 'the clock goes ten years away at most');
    clock.setAhead(ahead);
    if (ahead < before) definition.clockTurnedBack?.();
    tellClock(ctx);
  });
  return router;
}

/**
 * Controls are for this machine only. A forwarded request comes from somewhere else although its peer is local, and a
 * page of another origin in a local browser is not the person at the machine either.
 */
const guardControls: Middleware = async (ctx, next) => {
  if (!ctx.path.startsWith('/_sim')) return next();
  const peer = ctx.req.socket.remoteAddress ?? '';
  const local = ipaddr.isValid(peer) && ipaddr.process(peer).range() === 'loopback';
  const forwarded = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'].some((name) => ctx.get(name) !== '');
  const foreign = ctx.get('origin') !== '' && ctx.get('origin') !== `http://${ctx.host}`;
  if (!local || forwarded || foreign) ctx.throw(403, 'simulator controls answer this machine only');
  await next();
};

const bodyBytesMax = 16 * 1024 * 1024;

/** The raw body of a request; 413 above the cap. */
export async function readBody(ctx: Context, maxBytes: number = bodyBytesMax): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) ctx.throw(413, 'body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A control's JSON body by its schema (an empty body is `{}`); 400 with the problems otherwise. */
export async function readJson<S extends z.ZodType>(ctx: Context, schema: S): Promise<z.infer<S>> {
  const text = (await readBody(ctx)).toString('utf8');
  const parsed = schema.safeParse(text === '' ? {} : parseJson(text));
  if (!parsed.success) return ctx.throw(400, z.prettifyError(parsed.error));
  return parsed.data;
}
