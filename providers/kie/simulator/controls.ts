import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readJson } from '../../simulator-kit.ts';
import type { Credits } from './credits.ts';
import { optionsSchema, type Settings } from './options.ts';
import type { Ending, SimulatedTask, Tasks } from './tasks.ts';

interface ControlsDeps {
  readonly tasks: Tasks;
  readonly settings: Settings;
  readonly credits: Credits;
  readonly show: (task: SimulatedTask) => unknown;
}

const succeedSchema = z.strictObject({ count: z.int().min(0).max(10).optional() });
const failSchema = z.strictObject({
  failCode: z
    .string()
    .regex(/^\d{3}$/)
    .default('501'),
  failMsg: z.string().max(500).default('Generation failed, please try again.'),
});
const optionsBody = optionsSchema.partial();
const creditsSchema = z.strictObject({ balance: z.number().min(0) });

/** `/_sim/tasks/:id/succeed` and `/fail`, `/_sim/options`, `/_sim/credits`. A person's form goes back to the page. */
export function controlRoutes({ tasks, settings, credits, show }: ControlsDeps): Router {
  const router = new Router();
  const finish = (ctx: Context, ending: Ending) => {
    const task = tasks.find(String(ctx['params']['id']));
    if (task === undefined) return ctx.throw(404, 'no such task');
    if (tasks.end(task, ending) === undefined) return ctx.throw(409, 'the task has ended already');
    if (ctx.accepts('json', 'html') === 'html') return ctx.redirect('/');
    ctx.body = show(task);
  };
  router.post('/tasks/:id/succeed', async (ctx) => {
    const { count } = await readJson(ctx, succeedSchema);
    finish(ctx, count === undefined ? {} : { count });
  });
  router.post('/tasks/:id/fail', async (ctx) => finish(ctx, await readJson(ctx, failSchema)));
  router.get('/options', (ctx) => {
    ctx.body = settings.now();
  });
  router.post('/options', async (ctx) => {
    const changes = Object.entries(await readJson(ctx, optionsBody)).filter(([, value]) => value !== undefined);
    ctx.body = settings.change(Object.fromEntries(changes));
  });
  router.post('/credits', async (ctx) => {
    credits.set((await readJson(ctx, creditsSchema)).balance);
    ctx.body = { balance: credits.balance() };
  });
  return router;
}
