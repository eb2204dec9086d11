import assert from 'node:assert/strict';
import pg from 'pg';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { createGenerations } from '../../db/generations.ts';
import { type DatabasePool, openPool } from '../../db/pool.ts';
import { createTopupMoves } from '../../db/topup-moves.ts';
import { type Dispatcher, startDispatcher } from '../../workers/dispatcher.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { openLive } from '../support/live.ts';
import { because, someKey } from '../support/ledger.ts';
import { silent } from '../support/log.ts';
import { insertGeneration, insertTopup } from '../support/orders.ts';

describe('live updates', () => {
  let api: TestApi;
  let owner: pg.Pool;
  let pool: DatabasePool;
  let dispatcher: Dispatcher;

  before(async () => {
    api = await startTestApi();
    owner = new pg.Pool({ connectionString: api.database.ownerUrl, max: 4 });
    pool = await openPool({
      url: api.database.url,
      size: 2,
      applicationName: 'realtime-test',
      logger: silent,
      checkRows: true,
    });
    dispatcher = startDispatcher({ databaseUrl: api.database.url, logger: silent });
  });

  after(async () => {
    await dispatcher.stop();
    await Promise.all([owner.end(), pool.end()]);
    await api.stop();
  });

  it('begin with a snapshot of what is open, and go on with every fact that follows', async () => {
    const { token, userId } = await api.logIn('anna');
    const topupId = await insertTopup(owner, { person: userId, status: 'creating' });
    const client = await openLive(api.url, token);
    assert.equal(client.socket.protocol, 'holdfast.v1');

    const snapshot = await client.received(({ type }) => type === 'snapshot');
    assert.partialDeepStrictEqual(snapshot.data, { balances: [], generations: [], notificationSeq: 0 });
    assert.deepEqual(
      (snapshot.data['topups'] as { id: string }[]).map(({ id }) => id),
      [topupId],
    );

    const topups = createTopupMoves(pool);
    await topups.awaitPayment(topupId, { paymentId: 'p1', payUrl: 'https://pay.example/1' });
    await topups.credit({
      topupId,
      paymentId: 'p1',
      key: someKey('credit'),
      legs: [],
      cause: because('credit', `topup/${topupId}`),
      eventAt: new Date().toISOString(),
    });
    const credited = await client.received(({ type }) => type === 'topup.credited');
    assert.deepEqual(credited.data['balances'], [{ asset: 'CREDIT', availableMinor: '100', heldMinor: '0' }]);

    const order = await insertGeneration(owner, { person: userId });
    await createGenerationMoves(pool).reserve({
      generationId: order.id,
      key: order.holdKey,
      ttlMs: 60_000,
      cause: because('reserve', order.workflowId),
    });
    const reserved = await client.received(({ type }) => type === 'generation.reserved');
    assert.deepEqual(reserved.data, {
      generationId: order.id,
      status: 'reserved',
      balances: [{ asset: 'CREDIT', availableMinor: '90', heldMinor: '10' }],
    });
    await owner.query("UPDATE app.generation SET status = 'submitted' WHERE id = $1", [order.id]);
    await createGenerations(pool).setProgress(order.id, 40);
    const progress = await client.received(({ type }) => type === 'generation.progress');
    assert.deepEqual(progress.data, { generationId: order.id, progress: 40 });

    assert.deepEqual(
      client.messages.map(({ seq }) => seq),
      [0, 1, 2, 3, 4],
    );
    await client.close();
  });
});
