import type { Client } from '@temporalio/client';
import pg from 'pg';
import { starPurchaseWorkflowId } from '../../core/flows/star-purchase.ts';
import { walletWorkflowId } from '../../core/flows/wallet.ts';
import type { CostFigure } from './cost-figure.ts';

/** Tables whose rows are counted, under the name that the table shows. */
const counted = {
  transfers: 'ledger.transfer',
  entries: 'ledger.entry',
  holds: 'ledger.hold',
  'hold parts': 'ledger.hold_part',
  purchases: 'app.star_purchase',
  quotes: 'app.star_quote',
  payments: 'app.star_payment',
  messages: 'app.wallet_message',
  news: 'app.outbox',
} as const;
const sampleMax = 50;

type Counts = Readonly<Record<string, number>>;

export interface CostsDeps {
  readonly ownerUrl: string;
  readonly client: Client;
  readonly wallet: string;
}

/** Counts rows and events of purchases of Stars; `tell` answers what came since it was opened, for each purchase. */
export async function openStarCosts({ ownerUrl, client, wallet }: CostsDeps) {
  const db = new pg.Client({ connectionString: ownerUrl });
  await db.connect();

  async function read(): Promise<Counts> {
    const counts: Record<string, number> = {};
    for (const [name, table] of Object.entries(counted)) {
      const { rows } = await db.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
      counts[name] = rows[0]?.count ?? 0;
    }
    return counts;
  }

  async function purchaseEvents(): Promise<number> {
    const { rows } = await db.query<{ id: string }>(
      "SELECT id FROM app.star_purchase WHERE status = 'delivered' ORDER BY created_at DESC LIMIT $1",
      [sampleMax],
    );
    const lengths = await Promise.all(
      rows.map(
        async ({ id }) => (await client.workflow.getHandle(starPurchaseWorkflowId(id)).describe()).historyLength,
      ),
    );
    return lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  }

  /** Of all runs of the wallet's saga, for it begins anew from time to time. */
  async function walletEvents(): Promise<number> {
    let events = 0;
    for await (const run of client.workflow.list({ query: `WorkflowId = '${walletWorkflowId(wallet)}'` })) {
      const { workflowId, runId } = run;
      events += (await client.workflow.getHandle(workflowId, runId).describe()).historyLength;
    }
    return events;
  }

  const [rowsBefore, eventsBefore] = [await read(), await walletEvents()];
  return {
    /** Resolves when every purchase has ended. */
    async settled(): Promise<void> {
      const isOpen = async () =>
        (
          await db.query(
            "SELECT 1 FROM app.star_purchase WHERE ended_at IS NULL AND status <> 'needs_attention' LIMIT 1",
          )
        ).rowCount !== 0;
      while (await isOpen()) await new Promise((resolve) => setTimeout(resolve, 500));
    },
    async tell(bench: string): Promise<CostFigure> {
      const after = await read();
      const count = (after['purchases'] ?? 0) - (rowsBefore['purchases'] ?? 0);
      const each = (made: number) => made / Math.max(1, count);
      const rows = Object.keys(counted).map((name) => [name, each((after[name] ?? 0) - (rowsBefore[name] ?? 0))]);
      return {
        bench,
        count,
        each: {
          ...(Object.fromEntries(rows) as Counts),
          'events of the purchase': await purchaseEvents(),
          'events of the wallet': each((await walletEvents()) - eventsBefore),
        },
      };
    },
    close: () => db.end(),
  };
}
