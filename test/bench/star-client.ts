import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openPool } from '../../db/pool.ts';
import { silent } from '../support/log.ts';
import { writeStarQuote } from '../support/star-quotes.ts';
import type { Caller } from './callers.ts';
import { createHttpClient } from './http-client.ts';
import type { Mark } from './load.ts';
import type { BenchStack } from './stack.ts';

const lookEveryMs = 50;
/** How far a purchase has come; beyond `paid` it needs the wallet no more. */
const rank: Readonly<Record<string, number>> = { signed: 1, paid: 2, delivered: 2, failed: 3, canceled: 3, refused: 3 };

interface Watched {
  readonly sent: () => void;
  readonly paid: () => void;
  readonly failed: (error: Error) => void;
}

/** People who tap "buy" and wait until the chain has the payment; one look into the database tells all of them. */
export async function openStarClient(stack: BenchStack, callers: readonly Caller[]) {
  const [http, db] = [createHttpClient(stack.apiUrl), new pg.Client({ connectionString: stack.database.ownerUrl })];
  const pool = await openPool({
    ...{ url: stack.database.url, size: 4, applicationName: 'bench-stars', logger: silent, checkRows: false },
  });
  await db.connect();
  const watched = new Map<string, Watched>();
  let isLooking = false;
  let next = 0;

  async function look(): Promise<void> {
    const { rows } = await db.query<{ id: string; status: string }>(
      'SELECT id, status FROM app.star_purchase WHERE id = ANY ($1)',
      [[...watched.keys()]],
    );
    for (const { id, status } of rows) tell(id, status);
  }

  function tell(id: string, status: string): void {
    const [who, far] = [watched.get(id), rank[status] ?? 0];
    if (far >= 1) who?.sent();
    if (far >= 2) watched.delete(id);
    if (far === 2) who?.paid();
    if (far === 3) who?.failed(new Error(`the purchase is ${status}`));
  }

  const timer = setInterval(() => {
    if (isLooking || watched.size === 0) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, lookEveryMs);

  return {
    async buy(mark: Mark): Promise<void> {
      const caller = callers[(next += 1) % callers.length] as Caller;
      const quoteId = await writeStarQuote(pool, {
        ...{ userId: caller.userId, recipient: 'bob_the_cat', priceNano: 300_000_000n },
      });
      const id = randomUUID();
      const headers = { authorization: `Bearer ${caller.token}`, 'idempotency-key': id };
      const body = JSON.stringify({ quoteId });
      await http.call({ method: 'POST', path: '/api/v1/star-purchases', headers, body }, 202);
      mark('funds held');
      let isSent = false;
      await new Promise<void>((paid, failed) => {
        const sent = () => {
          if (!isSent) mark('sent');
          isSent = true;
        };
        watched.set(id, { sent, paid, failed });
      });
    },
    async close(): Promise<void> {
      clearInterval(timer);
      http.close();
      await Promise.all([db.end(), pool.end()]);
    },
  };
}
