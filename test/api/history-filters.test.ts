import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { GenerationStatus } from '../../core/flows/generation.ts';
import { money } from '../../core/money.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createLedger } from '../../ledger/ledger.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { because, someKey } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { insertGeneration, insertPerson } from '../support/orders.ts';

describe('lists of one kind', () => {
  let api: TestApi;
  let pool: DatabasePool;
  let owner: pg.Pool;
  let anna: { token: string; userId: string };

  before(async () => {
    api = await startTestApi();
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 2 });
    const { url } = api.database;
    pool = await openPool({ url, size: 2, applicationName: 'lists-test', logger: silent, checkRows: true });
    anna = await api.logIn('anna');
  });

  after(async () => {
    await pool.end();
    await owner.end();
    await api.stop();
  });

  /** An order that has gone this way. */
  async function order(person: string, ...way: GenerationStatus[]): Promise<string> {
    const { id } = await insertGeneration(owner, { person });
    for (const status of way) await owner.query('UPDATE app.generation SET status = $2 WHERE id = $1', [id, status]);
    return id;
  }

  async function all(path: string, token = anna.token) {
    const found: Record<string, string>[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { status, body } = await api.call('GET', `${path}&limit=2${page}`, { token });
      assert.equal(status, 200);
      found.push(...body.items);
      cursor = body.nextCursor;
    } while (cursor !== null);
    return found;
  }

  it('orders are ready, in work or not made, whole page after whole page, and each is in one of the three', async () => {
    const done = ['reserved', 'submitted', 'running', 'succeeded'] as const;
    const failed = ['reserved', 'submitted', 'failed'] as const;
    const orders = {
      ready: [
        await order(anna.userId, ...done),
        await order(anna.userId, ...done),
        await order(anna.userId, ...failed),
      ],
      working: [
        await order(anna.userId),
        await order(anna.userId, 'reserved'),
        await order(anna.userId, 'reserved', 'submitted', 'needs_attention'),
      ],
      not_made: [
        await order(anna.userId, ...failed),
        await order(anna.userId, 'refused'),
        await order(anna.userId, 'canceled'),
      ],
    };
    await owner.query(
      `INSERT INTO app.generation_result (generation_id, position, blob_key, mime, bytes, late)
       VALUES ($1, 0, $2, 'image/png', 1, true)`,
      [orders.ready[2], 'a'.repeat(64)],
    );
    for (const [state, ids] of Object.entries(orders)) {
      const found = await all(`/generations?state=${state}`);
      assert.deepEqual(
        found.map(({ id }) => id),
        ids.toReversed(),
        state,
      );
    }
    assert.equal((await all('/generations?')).length, 9);
  });

  it('a state that there is not is refused rather than passed over', async () => {
    const { status, body } = await api.call('GET', '/generations?state=lost', { token: anna.token });
    assert.deepEqual([status, body.code], [400, 'invalid_request']);
  });

  it('operations are what came or what went, whole page after whole page', async () => {
    const ledger = createLedger(pool);
    const boris = await api.logIn('boris');
    for (let round = 0; round < 3; round += 1) {
      await ledger.credit({
        key: `credit/test/${randomUUID()}`,
        owner: boris.userId,
        amount: money(100n, 'CREDIT'),
        bucket: 'paid',
        source: 'issued:CREDIT',
        cause: because('credit'),
      });
      const holdKey = someKey('reserve');
      const amount = money(150n - 50n * BigInt(round), 'CREDIT');
      const cause = because('order');
      await ledger.reserve({ key: holdKey, owner: boris.userId, amount, ttlMs: 60_000, cause });
      await ledger.capture({ key: someKey('capture'), holdKey, amountMinor: amount.minor, cause });
    }
    const amounts = async (path: string) => (await all(path, boris.token)).map(({ amountMinor }) => amountMinor);
    assert.deepEqual(await amounts('/transactions?direction=in'), ['100', '100', '100']);
    assert.deepEqual(await amounts('/transactions?direction=out'), ['-50', '-100']);
    assert.deepEqual(await amounts('/transactions?asset=CREDIT'), ['-50', '100', '-100', '100', '100']);
    assert.deepEqual(await amounts('/transactions?direction=in&asset=XTR'), []);
    const { body } = await api.call('GET', '/transactions?direction=sideways', { token: boris.token });
    assert.equal(body.code, 'invalid_request');
  });

  it('an order that nobody draws yet says its place among those of its model, and null from then on', async () => {
    const stranger = await insertPerson(owner);
    await owner.query(`UPDATE app.generation SET model_id = 'another' WHERE user_id = $1`, [anna.userId]);
    const ahead = [
      await order(stranger),
      await order(stranger, 'reserved'),
      await order(stranger, 'reserved', 'submitted'),
    ];
    const mine = await order(anna.userId, 'reserved');
    const behind = await order(anna.userId);
    const place = async (id: string) =>
      (await api.call('GET', `/generations/${id}`, { token: anna.token })).body.generation.queuePosition;
    assert.deepEqual([await place(mine), await place(behind)], [4, 5]);
    await owner.query(`UPDATE app.generation SET status = 'running' WHERE id = $1`, [ahead[2]]);
    assert.deepEqual([await place(mine), await place(behind)], [3, 4]);
    await owner.query(`UPDATE app.generation SET status = 'submitted' WHERE id = $1`, [mine]);
    assert.equal(await place(mine), 3);
    await owner.query(`UPDATE app.generation SET status = 'running' WHERE id = $1`, [mine]);
    assert.deepEqual([await place(mine), await place(behind)], [null, 3]);
  });

  it('a place and a filter are read by indexes that hold little else', async () => {
    const crowd = await insertPerson(owner);
    await owner.query(
      `INSERT INTO app.generation (id, user_id, request_hash, provider, model_id, catalogue_version, price_minor,
         unit_price_minor, price_asset, pictures, provider_model, provider_options, prompt_excerpt, status)
       SELECT gen_random_uuid(), $1, '', 'kie', 'model', 'v1', 4, 4, 'CREDIT', 1, 'model', '{}', 'a lake', 'succeeded'
       FROM generate_series(1, 20000)`,
      [crowd],
    );
    await owner.query('VACUUM ANALYZE app.generation');
    const plan = async (condition: string) => {
      const { rows } = await owner.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT id FROM app.generation WHERE ${condition} ORDER BY created_at DESC, id DESC LIMIT 21`,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const isMine = `user_id = '${crowd}'`;
    const open = `status IN ('accepted', 'reserved', 'submitted', 'running', 'needs_attention')`;
    assert.match(await plan(`${isMine} AND ${open}`), /generation_open_idx/);
    assert.match(await plan(`${isMine} AND status IN ('refused', 'failed', 'canceled')`), /generation_not_made_idx/);
    const queued = `model_id = 'model' AND status IN ('accepted', 'reserved', 'submitted') AND created_at < now()`;
    assert.match(await plan(queued), /generation_queue_idx/);
  });
});
