import type { Router } from '@koa/router';
import { judgeWhole } from '../../core/components.ts';
import { inTime } from '../../platform/in-time.ts';
import type { Components } from '../components.ts';
import type { ApiContext, ApiState } from '../context.ts';

export interface Readiness {
  /** Each resolves when the part can be used, and throws when it cannot. */
  readonly parts: Readonly<Record<string, () => Promise<void>>>;
  /** True from the first moment of a stop on. */
  readonly isStopping: () => boolean;
  /** All parts, those included that the shop can do without for a while. */
  readonly components: Components;
  readonly mode: string;
}

const partTimeoutMs = 2_000;

/**
 * `/healthz`: the process lives. `/readyz`: it can serve, now; 503 first of all when it stops (S30). Only what must be
 * there counts for that; `?verbose` tells of every part, and a provider that is down makes the whole `degraded`.
 */
export function addHealthRoutes(router: Router<ApiState>, readiness: Readiness, version: string): void {
  router.get('/healthz', (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/healthz';
    ctx.body = { status: 'ok', version };
  });
  router.get('/readyz', async (context) => {
    const ctx = context as unknown as ApiContext;
    ctx.state.route = '/readyz';
    const names = Object.keys(readiness.parts);
    const states = await Promise.all(names.map((name) => stateOf(ctx, name, readiness.parts[name])));
    const parts = Object.fromEntries(names.map((name, index) => [name, states[index]]));
    const ready = !readiness.isStopping() && states.every((state) => state === 'ok');
    ctx.status = ready ? 200 : 503;
    const status = readiness.isStopping() ? 'stopping' : ready ? 'ready' : 'not_ready';
    if (ctx.query['verbose'] === undefined) {
      ctx.body = { status, parts };
      return;
    }
    const components = await readiness.components.report(ctx.state.logger);
    const health = judgeWhole(components, names);
    ctx.body = { status, parts, health, version, mode: readiness.mode, components };
  });
}

/** Like `stateOf`, with the time that the answer took. */
export async function timedStateOf(ctx: ApiContext, name: string, ask: (() => Promise<void>) | undefined) {
  const startedAt = performance.now();
  const state = await stateOf(ctx, name, ask);
  return { name, state, ms: Math.round(performance.now() - startedAt) };
}

async function stateOf(
  ctx: ApiContext,
  name: string,
  ask: (() => Promise<void>) | undefined,
): Promise<'ok' | 'failed'> {
  try {
    await inTime(Promise.resolve(ask?.()), partTimeoutMs, () => new Error(`no answer within ${partTimeoutMs} ms`));
    return 'ok';
  } catch (error) {
    ctx.state.logger.warn({ err: error, part: name }, 'a part is not ready');
    return 'failed';
  }
}
