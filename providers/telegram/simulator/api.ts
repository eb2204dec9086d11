import { Router } from '@koa/router';
import type { Context } from 'koa';
import { BotApiError } from './errors.ts';
import { Described, type Methods } from './method.ts';
import { createParameters } from './parameters.ts';
import { readParameters } from './request.ts';

interface ApiDeps {
  readonly botToken: string;
  readonly methods: Methods;
  readonly logError: (error: unknown, method: string) => void;
}

/** Runs one method by its name in any case; the only way to a method, for requests and for answers of a webhook. */
export function createCaller(methods: Methods) {
  const byName = new Map(Object.entries(methods).map(([name, method]) => [name.toLowerCase(), method]));
  return {
    has: (name: string) => byName.has(name.toLowerCase()),
    call(name: string, fields: ReadonlyMap<string, unknown>): unknown {
      const method = byName.get(name.toLowerCase());
      if (!method) throw new BotApiError(404, 'Not Found: method not found');
      return method({ parameters: createParameters(fields, new Map()), gone: new AbortController().signal });
    },
    find: (name: string) => byName.get(name.toLowerCase()),
  };
}

export type Caller = ReturnType<typeof createCaller>;

const methodPath = /^\/bot([^/]*)\/(?:test\/)?([^/]*)\/?$/;

/** `/bot<token>/<method>`, also with `/test/` between for Telegram's test environment. */
export function apiRoutes({ botToken, methods, logError }: ApiDeps): Router {
  const router = new Router();
  const caller = createCaller(methods);
  router.all(methodPath, async (ctx) => {
    const [, token = '', name = ''] = methodPath.exec(ctx.path)?.map(decode) ?? [];
    await answer(ctx, async () => {
      checkToken(token, botToken);
      if (ctx.method !== 'GET' && ctx.method !== 'POST') throw new BotApiError(405, 'Method Not Allowed');
      const method = caller.find(name);
      if (!method) throw new BotApiError(404, 'Not Found: method not found');
      const parameters = await readParameters(ctx);
      return method({ parameters, gone: goneSignal(ctx) });
    }).catch((error: unknown) => {
      logError(error, name);
      throw error;
    });
  });
  router.all(/^\/bot/, (ctx) => answer(ctx, () => Promise.reject(new BotApiError(404, 'Not Found'))));
  return router;
}

/** A token is a number, a colon and a secret; one that is not ours belongs to no bot here. */
export function checkToken(token: string, botToken: string): void {
  if (token === botToken) return;
  const wellFormed = /^\d{1,16}:[\w-]{3,80}$/.test(token);
  throw new BotApiError(401, wellFormed ? 'Unauthorized' : 'Unauthorized: invalid token specified');
}

/** Does the work and writes its result or its refusal in the envelope. */
async function answer(ctx: Context, work: () => Promise<unknown>): Promise<void> {
  try {
    const result = await work();
    ctx.body =
      result instanceof Described
        ? { ok: true, result: result.result, description: result.description }
        : { ok: true, result };
  } catch (error) {
    if (!(error instanceof BotApiError)) throw error;
    const { code, message, parameters } = error;
    ctx.status = code;
    if (parameters?.retry_after !== undefined) ctx.set('retry-after', String(parameters.retry_after));
    ctx.body = { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) };
  }
}

function goneSignal(ctx: Context): AbortSignal {
  const controller = new AbortController();
  ctx.res.once('close', () => controller.abort());
  return controller.signal;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
