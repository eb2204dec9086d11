import { explain } from '../db/explain.ts';
import type { DatabasePool } from '../db/pool.ts';
import { readRecentOrders } from '../db/recent-orders.ts';
import { openAuditPool } from '../ledger/audit.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { OrderDesk } from '../providers/telegram/simulator/desk.ts';

const ordersMax = 40;

/**
 * Reads the orders and their stories for the sandbox, with the owner's rights and on one connection, which is opened
 * when the first is asked for. Of embedded mode alone: production starts no simulator.
 */
export function openOrderDesk(
  { database, temporal }: Config,
  logger: Logger,
): OrderDesk & { readonly close: () => Promise<void> } {
  let opening: Promise<DatabasePool> | undefined;
  const pool = (): Promise<DatabasePool> => {
    opening ??= openAuditPool(database.ownerUrl.reveal(), logger).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    workflowsUrl:
      temporal.uiUrl === undefined
        ? undefined
        : `${temporal.uiUrl}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows/`,
    orders: async (telegramId) =>
      (await pool()).connect((connection) => readRecentOrders(connection, telegramId, ordersMax)),
    story: async (id) => (await pool()).connect((connection) => explain(connection, id)),
    close: async () => (await opening)?.end(),
  };
}
