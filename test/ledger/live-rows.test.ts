import assert from 'node:assert/strict';
import { createDueHolds } from '../../db/due-holds.ts';
import { createLive } from '../../db/live.ts';
import { openLiveFeed, readLiveNews } from '../../db/live-feed.ts';
import { createOutbox } from '../../db/outbox.ts';
import { because, type LedgerBench, openLedgerBench } from '../support/ledger.ts';
import { insertPerson } from '../support/orders.ts';

describe('facts for open screens', () => {
  let bench: LedgerBench;
  let anna: string;
  before(async () => {
    bench = await openLedgerBench();
    anna = await insertPerson(bench.owner);
  });
  after(() => bench.close());

  const announce = (kind: string) => `SELECT app.announce('${anna}', '${kind}', '{}')`;

  it('are numbered with what the person is told, and are no notification', async () => {
    await bench.owner.query(announce('generation.running'));
    await bench.owner.query(`SELECT app.tell('${anna}', 'generation.succeeded', '{}')`);
    await bench.owner.query(announce('balance.changed'));
    const found = await createOutbox(bench.pool).list({ userId: anna, limit: 10 });
    assert.deepEqual(
      found.map(({ seq, kind }) => [seq, kind]),
      [[2n, 'generation.succeeded']],
    );
    assert.deepEqual(await createLive(bench.pool).position(`user:${anna}`), { lastSeq: 3n, toldSeq: 2n });
  });

  it('are forgotten after a day, while what was told stays', async () => {
    await bench.owner.query("UPDATE app.outbox SET created_at = now() - interval '25 hours' WHERE seq <= 2");
    const live = createLive(bench.pool);
    assert.deepEqual([await live.forgetOld(10), await live.forgetOld(10)], [1, 0]);
    const { rows } = await bench.owner.query<{ kind: string }>('SELECT kind FROM app.outbox ORDER BY seq');
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['generation.succeeded', 'balance.changed'],
    );
  });

  it('say that money came back from a hold, or expired, without an order', async () => {
    const [vera, mark, nina] = [
      await insertPerson(bench.owner),
      await insertPerson(bench.owner),
      await insertPerson(bench.owner),
    ];
    await bench.give(vera, 10n);
    const holdKey = await bench.hold(vera, 5n);
    await bench.letHoldEnd(holdKey);
    await bench.give(mark, 10n, { bucket: 'plan', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    await bench.letLotsEnd(mark, 'plan');
    await bench.give(nina, 10n);
    const due = createDueHolds(bench.pool);
    assert.partialDeepStrictEqual(await due.sweep(10, because('sweep')), { expired: 1 });
    assert.equal(await due.expireLots(10, because('expire')), 1);
    const { rows } = await bench.owner.query<{ user_id: string; kind: string }>(
      'SELECT user_id, kind FROM app.outbox WHERE user_id = ANY ($1) ORDER BY xid',
      [[vera, mark, nina]],
    );
    assert.deepEqual(
      rows.map(({ user_id, kind }) => [user_id, kind]),
      [
        [vera, 'balance.changed'],
        [mark, 'balance.changed'],
      ],
    );
  });

  it('are found once each by the one that tells, those of a transaction that commits late among them', async () => {
    const [feed, other] = [await openLiveFeed(bench.database.url), await openLiveFeed(bench.database.url)];
    const heard: string[] = [];
    const ear = await bench.owner.connect();
    ear.on('notification', ({ payload = '' }) => heard.push(payload));
    await ear.query('LISTEN holdfast_live');
    const late = await bench.owner.connect();
    try {
      assert.deepEqual([await feed.lead(), await other.lead()], [true, false]);
      await late.query('BEGIN');
      await late.query(announce('generation.running'));
      assert.equal(await feed.tell(), 0);
      const boris = await insertPerson(bench.owner);
      await bench.owner.query(`SELECT app.announce('${boris}', 'balance.changed', '{}')`);
      assert.deepEqual([await feed.tell(), await feed.tell()], [1, 0]);
      await late.query('COMMIT');
      assert.deepEqual([await feed.tell(), await feed.tell()], [1, 0]);
      await ear.query('SELECT 1');
      assert.deepEqual(heard, ['*', `user:${boris} 1`, `user:${anna} 4`]);
    } finally {
      late.release();
      ear.release(true);
      await Promise.all([feed.close(), other.close()]);
    }
  });

  it('are told by a look at everything when they are of more topics than a NOTIFY can name', async () => {
    const feed = await openLiveFeed(bench.database.url);
    try {
      await feed.tell();
      const ids = Array.from({ length: 200 }, () => insertPerson(bench.owner));
      for (const id of await Promise.all(ids)) {
        await bench.owner.query(`SELECT app.announce('${id}', 'balance.changed', '{}')`);
      }
      assert.equal(await feed.tell(), 200);
    } finally {
      await feed.close();
    }
    assert.deepEqual(readLiveNews('*'), { kind: 'all' });
    assert.deepEqual(readLiveNews('user:a 1,user:b 22'), {
      kind: 'topics',
      topics: new Map([
        ['user:a', 1n],
        ['user:b', 22n],
      ]),
    });
    assert.deepEqual(readLiveNews('what is this'), { kind: 'all' });
  });
});
