import assert from 'node:assert/strict';
import type { DatabasePool } from '../../db/pool.ts';
import { readRecentOrders } from '../../db/recent-orders.ts';
import { openAuditPool } from '../../ledger/audit.ts';
import { type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { type InsertedGeneration, insertGeneration, insertPerson } from '../support/orders.ts';

describe('The last orders of a person', () => {
  let bench: LedgerBench;
  let pool: DatabasePool;
  let telegramId: number;
  let first: InsertedGeneration;
  let second: InsertedGeneration;
  before(async () => {
    bench = await openLedgerBench();
    pool = await openAuditPool(bench.database.ownerUrl, silent);
    const anna = await insertPerson(bench.owner);
    const { rows } = await bench.owner.query<{ id: string }>(
      'SELECT telegram_id::text AS id FROM app.users WHERE id = $1',
      [anna],
    );
    telegramId = Number(rows[0]?.id);
    first = await insertGeneration(bench.owner, { person: anna, pictures: 1 });
    second = await insertGeneration(bench.owner, { person: anna, pictures: 2 });
    await insertGeneration(bench.owner, { person: await insertPerson(bench.owner), pictures: 1 });
    await bench.owner.query("UPDATE app.generation SET created_at = now() - interval '1 hour' WHERE id = $1", [
      first.id,
    ]);
    await bench.owner.query('INSERT INTO app.status_message (generation_id, chat_id, message_id) VALUES ($1, $2, 17)', [
      second.id,
      telegramId,
    ]);
  });
  after(async () => {
    await pool.end();
    await bench.close();
  });

  it('are theirs alone, the newest first, each with its workflow', async () => {
    const orders = await readRecentOrders(pool, telegramId, 10);
    assert.deepEqual(
      orders.map(({ workflowId }) => workflowId),
      [second.workflowId, first.workflowId],
    );
    assert.match(orders[0]?.amountMinor ?? '', /^\d+$/);
  });

  it('name the message of the chat that shows them', async () => {
    const orders = await readRecentOrders(pool, telegramId, 10);
    assert.deepEqual(
      orders.map(({ messageId }) => messageId),
      [17, null],
    );
  });

  it('are no more than asked for, and none of a stranger', async () => {
    assert.equal((await readRecentOrders(pool, telegramId, 1)).length, 1);
    assert.deepEqual(await readRecentOrders(pool, 1, 10), []);
  });
});
