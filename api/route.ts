import type { Router } from '@koa/router';
import type { z } from 'zod';
import type { Contract } from '../core/http/contract.ts';
import { isUuid } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { inTime } from '../platform/in-time.ts';
import { hashRequest } from '../platform/request-hash.ts';
import { decodeText, parseJson, readBody, requireType } from './body.ts';
import type { ApiContext, ApiState, Person } from './context.ts';
import type { Admission } from './middleware/admission.ts';
import type { Authenticate } from './middleware/authenticate.ts';
import type { Trail } from './middleware/trail.ts';
import { type FieldError, Problem } from './problem.ts';

type RoutedContext = ApiContext & { params: Record<string, string> };

const fileDeadlineMs = 90_000;

/** What a handler gets: checked parts only. */
export interface ApiRequest<C extends Contract> {
  readonly params: z.output<C['params']>;
  readonly query: z.output<C['query']>;
  readonly body: z.output<C['body']>;
  /** Throws `token_required` on a public route. */
  readonly person: Person;
  /** The client's key of a call that costs money; empty for others. */
  readonly key: string;
  readonly requestHash: Buffer;
  readonly ctx: ApiContext;
}

/** What a handler answers; `replayed` marks the answer to a key that was used before. */
export interface Reply<A> {
  readonly body: A;
  readonly replayed?: boolean;
}

export type Handler<C extends Contract> = (request: ApiRequest<C>) => Promise<Reply<z.input<C['answer']>>>;

/** A contract with what answers it. */
export interface Route {
  readonly contract: Contract;
  readonly handle: Handler<Contract>;
  /** Whether a key belongs to an order of this person already: its repeat passes an exhausted rate limit. */
  readonly isReplay?: (key: string, userId: string) => Promise<boolean>;
}

export interface RouteDeps {
  readonly authenticate: Authenticate;
  readonly admission: Admission;
  readonly trail: Trail;
  readonly bodyDeadlineMs: number;
  /** After this long the answer is 503; the work itself ends under its own limits. Files take longer to arrive. */
  readonly answerDeadlineMs: number;
}

/** Puts a handler behind its contract. */
export function route<C extends Contract>(
  contract: C,
  handle: Handler<C>,
  isReplay?: (key: string, userId: string) => Promise<boolean>,
): Route {
  const found = { contract, handle: handle as unknown as Handler<Contract> };
  return isReplay === undefined ? found : { ...found, isReplay };
}

/** Adds a route to the router. */
export function addRoute(router: Router<ApiState>, added: Route, deps: RouteDeps): void {
  const { contract } = added;
  const deadlineMs = contract.takes === 'file' ? fileDeadlineMs : deps.answerDeadlineMs;
  router[contract.method](contract.path, async (context) => {
    const ctx = context as unknown as RoutedContext;
    ctx.state.route = `/api/v1${contract.path}`;
    await inTime(serve(ctx, added, deps), deadlineMs, () => new Problem('temporarily_unavailable'));
  });
}

/** Who asks, how often, in what form; then the handler; then its answer. */
async function serve(ctx: RoutedContext, { contract, handle, isReplay }: Route, deps: RouteDeps): Promise<void> {
  await deps.authenticate(ctx, contract.access);
  const key = contract.keyed ? readKey(ctx) : '';
  const isCounted = await deps.admission.admit(ctx, { rate: contract.rate, key, isReplay });
  const body = check(contract.body, contract.takes === 'json' ? await readJson(ctx, deps.bodyDeadlineMs) : {}, 'body');
  const params = check(contract.params, ctx.params, 'path');
  const orderId = key === '' ? ctx.params['id'] : key;
  if (orderId !== undefined) ctx.state.orderId = orderId;
  const request: ApiRequest<Contract> = {
    params,
    query: check(contract.query, { ...ctx.query }, 'query'),
    body,
    key,
    ctx,
    get person() {
      return personOf(ctx);
    },
    get requestHash() {
      return hashRequest(`${contract.method} ${contract.path}`, body);
    },
  };
  const recorded = { contract, onWhat: ctx.params['id'] ?? '', body };
  const reply = await deps.trail(ctx, recorded, () => handle(request));
  if (reply.replayed === true && isCounted) deps.admission.giveBack(ctx, contract.rate);
  write(ctx, contract.status, reply);
}

function write(ctx: ApiContext, status: number, reply: Reply<unknown>): void {
  ctx.status = status;
  ctx.type = 'application/json';
  ctx.set('cache-control', 'no-store');
  if (reply.replayed === true) ctx.set('idempotency-replayed', 'true');
  ctx.body = JSON.stringify(reply.body);
}

function personOf(ctx: ApiContext): Person {
  if (ctx.state.person === undefined) throw new Problem('token_required');
  return ctx.state.person;
}

/** The key in its canonical form, so that two spellings of one UUID are one key. */
function readKey(ctx: ApiContext): string {
  const key = ctx.get('idempotency-key').trim().toLowerCase();
  if (!isUuid(key)) throw new Problem('idempotency_key_required');
  return key;
}

async function readJson(ctx: ApiContext, deadlineMs: number): Promise<unknown> {
  requireType(ctx.req, 'application/json');
  const bytes = await readBody(ctx.req, { bytesMax: limits.jsonBodyBytesMax, deadlineMs });
  return parseJson(decodeText(bytes));
}

function check(schema: z.ZodType, value: unknown, part: 'path' | 'query' | 'body'): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.slice(0, 20).map((issue): FieldError => {
    const path = issue.path.map(String).join('.');
    return { path: path === '' ? part : path, message: issue.message };
  });
  // An id that no order can have is the id of no order.
  if (part === 'path') throw new Problem('not_found');
  if (part === 'query' && wrong.some(({ path }) => path === 'cursor')) throw new Problem('invalid_cursor');
  throw new Problem('invalid_request', { errors: wrong });
}
