import { Router } from '@koa/router';
import { personOf } from './page-api.ts';
import type { People } from './people.ts';

/** What the sandbox page shows beside Telegram: the shop's own books, read by whoever starts the simulator. */
export interface OrderDesk {
  /** The beginning of a workflow's address in the Temporal UI; undefined where no UI is known. */
  readonly workflowsUrl: string | undefined;
  /** The last orders of a person, newest first, as JSON. */
  orders(telegramId: number): Promise<readonly unknown[]>;
  /** The story of one order as JSON; undefined when there is none. */
  story(id: string): Promise<unknown>;
}

interface Deps {
  readonly people: People;
  readonly desk: OrderDesk | undefined;
}

/** Links from the chat to the sagas and the ledger behind it. Telegram knows nothing of this. */
export function deskRoutes({ people, desk }: Deps): Router {
  const router = new Router();
  router.get('/desk', (ctx) => {
    ctx.body = { hasOrders: desk !== undefined, workflowsUrl: desk?.workflowsUrl ?? null };
  });
  if (desk === undefined) return router;
  router.get('/people/:id/orders', async (ctx) => {
    ctx.body = { orders: await desk.orders(personOf(ctx, people).telegramId) };
  });
  router.get('/stories/:id', async (ctx) => {
    const { id = '' } = ctx['params'] as Record<string, string | undefined>;
    ctx.body = (await desk.story(id)) ?? ctx.throw(404, 'nothing has this id');
  });
  return router;
}
