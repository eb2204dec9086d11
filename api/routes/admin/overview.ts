import { actsFor, operatorRole } from '../../../core/access.ts';
import * as contracts from '../../../core/http/admin.ts';
import type { OperatorActions } from '../../../db/operator-actions.ts';
import type { PanelHealth } from '../../../db/panel-figures.ts';
import { readNumberCursor, writeNumberCursor } from '../../cursor.ts';
import { Problem } from '../../problem.ts';
import { type Route, route } from '../../route.ts';
import { timedStateOf, type Readiness } from '../health.ts';

export interface OverviewRouteDeps {
  readonly actions: Pick<OperatorActions, 'list'>;
  readonly countOpenCases: () => Promise<number>;
  readonly readiness: Readiness['parts'];
  /** Reads what the database knows of the parts. */
  readonly health: () => Promise<PanelHealth>;
  /** By name, whether a simulator stands in for it. */
  readonly providers: Readonly<Record<string, boolean>>;
  readonly workflowsUrl: string | null;
}

const pageSize = 50;

/** Who I am in the panel, how the parts stand, and who did what. */
export function overviewRoutes(deps: OverviewRouteDeps): Route[] {
  return [
    route(contracts.panel, async ({ person }) => {
      const role = operatorRole(person.roles);
      if (role === null) throw new Problem('not_found');
      const { id, firstName, language } = person;
      const openCases = await deps.countOpenCases();
      const operator = { id, firstName, language, role };
      return { body: { operator, may: actsFor(person.roles), workflowsUrl: deps.workflowsUrl, openCases } };
    }),

    route(contracts.panelHealth, async ({ ctx }) => {
      const names = Object.keys(deps.readiness);
      const [known, ...parts] = await Promise.all([
        deps.health(),
        ...names.map((name) => timedStateOf(ctx, name, deps.readiness[name])),
      ]);
      const providers = Object.entries(deps.providers).map(([name, simulated]) => ({
        name,
        simulated,
        openCases: known.casesByProvider.get(name) ?? 0,
      }));
      return { body: { parts, providers, wallets: [...known.wallets], figures: known.figures } };
    }),

    route(contracts.listActions, async ({ query }) => {
      const { cursor, limit = pageSize } = query;
      const beforeId = readNumberCursor(cursor);
      const found = await deps.actions.list({ limit: limit + 1, ...(beforeId === undefined ? {} : { beforeId }) });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const items = shown.map(({ operatorId: _id, operatorName, ...line }) => ({
        ...line,
        id: String(line.id),
        operator: operatorName,
      }));
      const nextCursor = found.length > limit && last !== undefined ? writeNumberCursor(last.id) : null;
      return { body: { items, nextCursor } };
    }),
  ];
}
