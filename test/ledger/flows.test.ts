import assert from 'node:assert/strict';
import pg from 'pg';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { orderChecks } from '../../ledger/audit-order-checks.ts';
import { createTopupMoves } from '../../db/topup-moves.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { eventually } from '../support/eventually.ts';
import { because } from '../support/ledger.ts';
import { type InsertedGeneration, insertGeneration, insertPerson, insertTopup } from '../support/orders.ts';
import { checkViolation, rejectsWith } from '../support/rejects.ts';

const picture = { position: 0, blobKey: 'blob', mime: 'image/png', bytes: 10 };

describe('orders and their money', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench({ poolSize: 8, acquireTimeoutMs: 30_000 });
  });
  after(() => bench.close());

  const moves = () => createGenerationMoves(bench.pool);
  const reserve = ({ id: generationId, workflowId, holdKey: key }: InsertedGeneration) =>
    moves().reserve({ generationId, key, ttlMs: 3_600_000, cause: because('reserve', workflowId) });
  const capture = ({ id: generationId, workflowId, holdKey }: InsertedGeneration, pictures = [picture]) =>
    moves().capture({
      ...{ generationId, key: `${workflowId}/capture`, cause: because('capture', workflowId) },
      ...{ holdKey, amountMinor: 10n, pictures },
    });
  const statusOf = async (id: string) =>
    (await bench.owner.query<{ status: string }>('SELECT status FROM app.generation WHERE id = $1', [id])).rows[0]
      ?.status;
  async function annaOrders(minor = 10n) {
    const anna = await insertPerson(bench.owner);
    if (minor > 0n) await bench.give(anna, minor);
    return { anna, order: await insertGeneration(bench.owner, { person: anna }) };
  }
  async function submitted(order: InsertedGeneration) {
    await bench.owner.query(
      'INSERT INTO app.generation_attempt (id, generation_id, number, token) VALUES ($1, $1, 1, $2)',
      [order.id, order.id],
    );
    await bench.owner.query('SELECT app.generation_begin_sending($1)', [order.id]);
    await bench.owner.query("SELECT app.generation_record_attempt($1, 'accepted', $2, NULL, NULL)", [
      order.id,
      order.id,
    ]);
  }

  it('change together: a connection killed before the commit leaves neither hold nor move', async () => {
    const { anna, order } = await annaOrders();
    const doomed = new pg.Client({ connectionString: bench.database.ownerUrl });
    const losses: Error[] = [];
    doomed.on('error', (error) => losses.push(error));
    await doomed.connect();
    await doomed.query('BEGIN');
    await doomed.query('SELECT app.generation_reserve($1, $2, $3, $4)', [
      order.id,
      order.holdKey,
      '1 hour',
      JSON.stringify(because('reserve', order.workflowId)),
    ]);
    const { rows } = await doomed.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await bench.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await eventually(() => losses.length > 0);
    assert.equal((await reserve(order)).outcome, 'held');
    assert.deepEqual([await statusOf(order.id), await bench.held(anna)], ['reserved', 10n]);
  });

  it('stay refused: money that comes after a 402 is not held for it', async () => {
    const { anna, order } = await annaOrders(0n);
    const first = await reserve(order);
    assert.deepEqual([first.outcome, first.status], ['insufficient_funds', 'refused']);
    await bench.give(anna, 100n);
    const again = await reserve(order);
    assert.partialDeepStrictEqual(again, { outcome: 'insufficient_funds', availableMinor: '0', status: 'refused' });
    assert.equal(await bench.held(anna), 0n);
  });

  it('are not charged for nothing', async () => {
    const { anna, order } = await annaOrders();
    await reserve(order);
    await submitted(order);
    await rejectsWith(checkViolation, capture(order, []));
    assert.equal(await bench.held(anna), 10n);
  });

  it('are charged once, however often the capture is asked for', async () => {
    const { anna, order } = await annaOrders();
    await reserve(order);
    await submitted(order);
    const answers = await Promise.all(Array.from({ length: 10 }, () => capture(order)));
    assert.deepEqual(
      new Set(answers.map((answer) => `${answer.outcome} ${answer.status}`)),
      new Set(['captured succeeded']),
    );
    assert.deepEqual([await bench.available(anna), await bench.held(anna)], [0n, 0n]);
    const told = await bench.owner.query(
      "SELECT 1 FROM app.outbox WHERE user_id = $1 AND kind = 'generation.succeeded'",
      [anna],
    );
    assert.equal(told.rowCount, 1);
  });

  it('S17: are either canceled or sent, never both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { anna, order } = await annaOrders();
      await reserve(order);
      const cancel = {
        generationId: order.id,
        key: `${order.workflowId}/cancel`,
        cause: because('cancel', order.workflowId),
      };
      const [canceled] = await Promise.all([moves().cancel({ ...cancel, holdKey: order.holdKey }), submitted(order)]);
      const isCanceled = canceled.outcome === 'canceled';
      assert.equal(await statusOf(order.id), isCanceled ? 'canceled' : 'running');
      assert.equal(await bench.held(anna), isCanceled ? 0n : 10n);
    }
  });

  it('W1: credit a payment once for 100 notifications at once', async () => {
    const { anna, topupId } = await annaTopsUp();
    const answers = await Promise.all(Array.from({ length: 100 }, () => credit(topupId, `pay-${topupId}`)));
    assert.equal(answers.filter((answer) => !answer.replayed).length, 1);
    assert.equal(await bench.available(anna), 100n);
    const told = await bench.owner.query("SELECT 1 FROM app.outbox WHERE user_id = $1 AND kind = 'topup.credited'", [
      anna,
    ]);
    assert.equal(told.rowCount, 1);
  });

  it('credit a second payment of one top-up once of its own, and open a case', async () => {
    const { anna, topupId } = await annaTopsUp();
    await credit(topupId, `first-${topupId}`);
    await credit(topupId, `second-${topupId}`);
    await credit(topupId, `second-${topupId}`);
    assert.equal(await bench.available(anna), 200n);
    const cases = await bench.owner.query(
      "SELECT 1 FROM app.attention WHERE user_id = $1 AND kind = 'second_payment'",
      [anna],
    );
    assert.equal(cases.rowCount, 1);
  });

  it('S7: credit a payment that comes after the top-up was canceled', async () => {
    const { anna, topupId } = await annaTopsUp();
    await createTopupMoves(bench.pool).close(topupId, 'canceled', 'canceled_by_user');
    assert.equal((await credit(topupId, `late-${topupId}`)).status, 'credited');
    assert.equal(await bench.available(anna), 100n);
  });

  it('take all their locks in one order: two flows of one person crossed with the jobs never deadlock', async () => {
    const before = await deadlocks();
    const people = await Promise.all([1, 2, 3].map(() => insertPerson(bench.owner)));
    for (const person of people) await bench.give(person, 1_000n);
    const lives = Array.from({ length: 8 }, async (_, hand) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const person = people[(hand + turn) % people.length] ?? '';
        const topupId = await insertTopup(bench.owner, { person });
        const order = await insertGeneration(bench.owner, { person });
        await Promise.all([reserve(order).then(() => submitted(order)), credit(topupId, `cross-${topupId}`)]);
        await Promise.all([capture(order), credit(topupId, `cross-${topupId}`), sweep()]);
      }
    });
    await Promise.all(lives);
    assert.equal(await deadlocks(), before);
  }).timeout(60_000);

  it('leave books in which the audit finds nothing', async () => {
    assert.deepEqual(await bench.audit([...ledgerChecks, ...orderChecks]), []);
  });

  async function annaTopsUp() {
    const anna = await insertPerson(bench.owner);
    return { anna, topupId: await insertTopup(bench.owner, { person: anna }) };
  }
  function credit(topupId: string, paymentId: string) {
    const cause = { ...because('credit', `topup/${topupId}`), provider: 'yookassa', providerRef: paymentId };
    const key = `credit/yookassa/${paymentId}`;
    return createTopupMoves(bench.pool).credit({
      topupId,
      paymentId,
      key,
      legs: [],
      cause,
      eventAt: '2026-01-01T00:00:00Z',
    });
  }
  const sweep = () =>
    bench.owner.query('SELECT app.sweep_due_holds(10, $1), app.expire_due_lots(10, $1)', [
      JSON.stringify(because('sweep')),
    ]);
  async function deadlocks() {
    const { rows } = await bench.owner.query<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(rows[0]?.deadlocks);
  }
});
