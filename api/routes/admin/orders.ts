import * as contracts from '../../../core/http/admin.ts';
import { isUuid } from '../../../core/ids.ts';
import type { Step } from '../../../db/explain-steps.ts';
import type { OperatorOrder, OrderFilter } from '../../../db/operator-orders.ts';
import { readTimeCursor, writeTimeCursor } from '../../cursor.ts';
import { Problem } from '../../problem.ts';
import { type Route, route } from '../../route.ts';
import { showOrder } from './show.ts';

export interface OrderRouteDeps {
  readonly orders: (filter: OrderFilter) => Promise<readonly OperatorOrder[]>;
  readonly story: (id: string) => Promise<readonly Step[] | undefined>;
}

const pageSize = 40;

/** Orders of all flows, and the story of each. */
export function operatorOrderRoutes(deps: OrderRouteDeps): Route[] {
  return [
    route(contracts.listOrders, async ({ query }) => {
      const { flow, state = 'open', q, cursor, limit = pageSize } = query;
      const wanted = wantedBy(q?.trim() ?? '');
      if (wanted === null) return { body: { items: [], nextCursor: null } };
      const before = readTimeCursor(cursor);
      const found = await deps.orders({
        // What is asked for by its id is shown whatever became of it.
        state: wanted.id === undefined ? state : 'all',
        limit: limit + 1,
        ...wanted,
        ...(flow === undefined ? {} : { flow }),
        ...(before === undefined ? {} : { before }),
      });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? writeTimeCursor(last) : null;
      return { body: { items: shown.map(showOrder), nextCursor } };
    }),

    route(contracts.readStory, async ({ params }) => {
      const steps = await deps.story(params.id);
      if (steps === undefined) throw new Problem('not_found');
      return { body: { steps: [...steps] } };
    }),
  ];
}

/** What the search field names; null when nothing can be meant. */
function wantedBy(q: string): Pick<OrderFilter, 'id' | 'person'> | null {
  const bare = q.toLowerCase().replace(/^[a-z-]+\//, '');
  if (q === '') return {};
  if (isUuid(bare)) return { id: bare };
  if (/^\d{1,18}$/.test(q)) return { person: { telegramId: BigInt(q) } };
  const username = /^@?([a-z]\w{2,31})$/i.exec(q)?.[1];
  return username === undefined ? null : { person: { username } };
}
