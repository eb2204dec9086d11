import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { createStarQuotes } from '../../db/star-quotes.ts';
import { createWalletMessages } from '../../db/wallet-messages.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { because } from '../support/ledger.ts';
import { insertPerson } from '../support/orders.ts';
import { rejectsWith, checkViolation } from '../support/rejects.ts';
import { type InsertedStarPurchase, insertStarPurchase, paymentOf } from '../support/star-orders.ts';

const price = 1_000_000_000n;

describe('star purchases and their money', () => {
  let bench: AuditBench;
  let wallet: string;
  before(async () => {
    bench = await openAuditBench({ poolSize: 8, acquireTimeoutMs: 30_000 });
  });
  beforeEach(() => {
    wallet = `0:${randomUUID()}`;
  });
  after(() => bench.close());

  const moves = () => createStarPurchaseMoves(bench.pool);
  const messages = () => createWalletMessages(bench.pool);
  const keyed = ({ id, workflowId, holdKey }: InsertedStarPurchase, step: string) => ({
    ...{ purchaseId: id, holdKey, key: `${workflowId}/${step}`, cause: because(step, workflowId) },
  });
  const reserve = (order: InsertedStarPurchase) =>
    moves().reserve({ ...keyed(order, 'reserve'), key: order.holdKey, ttlMs: 3_600_000 });
  const fail = (order: InsertedStarPurchase, decided = false) =>
    moves().fail({ ...keyed(order, 'release'), failure: 'not_paid', detail: null, decided });
  const statusOf = async ({ id }: InsertedStarPurchase) =>
    (await bench.owner.query<{ status: string }>('SELECT status FROM app.star_purchase WHERE id = $1', [id])).rows[0]
      ?.status;

  async function annaBuys(needsTwo = false) {
    const anna = await insertPerson(bench.owner);
    await bench.give(anna, price, { of: 'TON' });
    const order = await insertStarPurchase(bench.owner, { person: anna, needsTwo });
    assert.equal((await reserve(order)).outcome, 'held');
    return { anna, order };
  }

  async function sign(orders: readonly InsertedStarPurchase[], seqno = 0) {
    const paymentIds: string[] = [];
    for (const order of orders) {
      const payment = paymentOf(wallet);
      assert.equal((await moves().preparePayment(order.id, payment)).outcome, 'prepared');
      paymentIds.push(payment.id);
    }
    return signPayments(paymentIds, seqno);
  }

  const signPayments = (paymentIds: readonly string[], seqno = 0) =>
    messages().sign({
      ...{ wallet, seqno, validUntil: 1_900_000_000, boc: Buffer.from('boc'), paymentIds },
      ...{ rawHash: randomUUID(), normalizedHash: randomUUID() },
    });

  async function mustSign(orders: readonly InsertedStarPurchase[], seqno = 0): Promise<string> {
    const signed = await sign(orders, seqno);
    assert.equal(signed.outcome, 'signed');
    return signed.outcome === 'signed' ? signed.messageId : '';
  }

  const decide = (messageId: string, verdicts: readonly ('paid' | 'not_paid')[]) =>
    messages().decide(messageId, {
      state: verdicts.includes('paid') ? 'executed' : 'dead',
      verdicts: verdicts.map((verdict, position) => ({ position, verdict })),
      evidence: {},
    });

  it('have one live payment: a second request is answered by the first', async () => {
    const { order } = await annaBuys();
    await moves().preparePayment(order.id, paymentOf(wallet));
    assert.deepEqual(await moves().preparePayment(order.id, paymentOf(wallet)), {
      outcome: 'prepared',
      state: 'prepared',
      wallet,
    });
    assert.equal((await messages().prepared(wallet, 10)).length, 1);
  });

  it('do not pay for a request that another pays for, by its id or by its reference', async () => {
    const [anna, boris] = [await annaBuys(), await annaBuys()];
    const payment = paymentOf(wallet);
    await moves().preparePayment(anna.order.id, payment);
    for (const taken of [{ requestId: payment.requestId }, { ref: payment.ref }]) {
      const again = await moves().preparePayment(boris.order.id, { ...paymentOf(wallet), ...taken });
      assert.deepEqual(again, { outcome: 'request_taken' });
    }
    await moves().dropPayment(anna.order.id);
    const free = { ...paymentOf(wallet), requestId: payment.requestId, ref: payment.ref };
    assert.equal((await moves().preparePayment(boris.order.id, free)).outcome, 'prepared');
  });

  it('keep their quotes, and others are forgotten after a day', async () => {
    const { order } = await annaBuys();
    const { rows } = await bench.owner.query<{ id: string; user_id: string }>(
      'SELECT quote_id AS id, user_id FROM app.star_purchase WHERE id = $1',
      [order.id],
    );
    await bench.owner.query(
      `INSERT INTO app.star_quote (id, user_id, kind, quantity, recipient, provider, catalogue_version)
       VALUES (gen_random_uuid(), $1, 'stars', 50, 'bob', 'fragment', 'v1')`,
      [rows[0]?.user_id],
    );
    await bench.owner.query("UPDATE app.star_quote SET created_at = now() - interval '2 days' WHERE user_id = $1", [
      rows[0]?.user_id,
    ]);
    const quotes = createStarQuotes(bench.pool);
    assert.deepEqual([await quotes.forgetOld(10), await quotes.forgetOld(10)], [1, 0]);
    assert.notEqual(await quotes.get(rows[0]?.id ?? ''), null);
  });

  it('are held once: a saga that begins anew finds how they stand, whatever its deadlines are now', async () => {
    const { anna, order } = await annaBuys();
    await decide(await mustSign([order]), ['paid']);
    const again = await moves().reserve({ ...keyed(order, 'reserve'), key: order.holdKey, ttlMs: 60_000 });
    assert.deepEqual(again, { outcome: 'already_reserved', status: 'paid' });
    assert.equal(await bench.held(anna, 'TON'), price);
  });

  it('are not paid above their budget', async () => {
    const { order } = await annaBuys();
    const dear = paymentOf(wallet, price - 19_999_999n);
    assert.deepEqual(await moves().preparePayment(order.id, dear), { outcome: 'price_moved' });
  });

  it('cannot be canceled once they are signed, and not signed once they are canceled', async () => {
    const [anna, boris] = [await annaBuys(), await annaBuys()];
    await mustSign([anna.order]);
    assert.equal((await moves().cancel(keyed(anna.order, 'release'))).outcome, 'already_signed');

    const payment = paymentOf(wallet);
    await moves().preparePayment(boris.order.id, payment);
    assert.equal((await moves().cancel(keyed(boris.order, 'release'))).outcome, 'canceled');
    assert.equal((await signPayments([payment.id], 1)).outcome, 'stale');
    assert.deepEqual([await bench.held(anna.anna, 'TON'), await bench.held(boris.anna, 'TON')], [price, 0n]);
  });

  it('wait for the message before: a wallet has one that is not decided', async () => {
    const [anna, boris] = [await annaBuys(), await annaBuys()];
    const messageId = await mustSign([anna.order]);
    assert.equal((await sign([boris.order], 1)).outcome, 'stale');
    await decide(messageId, ['paid']);
    const [waiting] = await messages().prepared(wallet, 10);
    assert.equal((await signPayments([waiting?.id ?? ''], 0)).outcome, 'stale', 'the number is used up');
    assert.equal((await signPayments([waiting?.id ?? ''], 1)).outcome, 'signed');
  });

  it('leave the number of a dead message to the next one', async () => {
    const { order } = await annaBuys();
    await decide(await mustSign([order]), ['not_paid']);
    assert.equal(await statusOf(order), 'reserved');
    await mustSign([order]);
    assert.equal(await statusOf(order), 'signed');
  });

  it('are decided one by one in one message, and once', async () => {
    const [anna, boris] = [await annaBuys(), await annaBuys()];
    const messageId = await mustSign([anna.order, boris.order]);
    const first = await decide(messageId, ['paid', 'not_paid']);
    const again = await decide(messageId, ['not_paid', 'paid']);
    assert.deepEqual(again, first);
    assert.deepEqual(
      first.map(({ verdict }) => verdict),
      ['paid', 'not_paid'],
    );
    assert.deepEqual([await statusOf(anna.order), await statusOf(boris.order)], ['paid', 'reserved']);
  });

  it('leave no payment of a message undecided', async () => {
    const [anna, boris] = [await annaBuys(), await annaBuys()];
    const messageId = await mustSign([anna.order, boris.order]);
    await rejectsWith(checkViolation, decide(messageId, ['paid']));
    assert.deepEqual([await statusOf(anna.order), await statusOf(boris.order)], ['signed', 'signed']);
  });

  it('keep the money while a payment is prepared or signed, and when it was paid', async () => {
    const { anna, order } = await annaBuys();
    await moves().preparePayment(order.id, paymentOf(wallet));
    assert.equal((await fail(order)).outcome, 'payment_live');
    await moves().dropPayment(order.id);
    const messageId = await mustSign([order]);
    assert.equal(await moves().dropPayment(order.id), 'signed');
    assert.equal((await fail(order)).outcome, 'payment_live');
    await decide(messageId, ['paid']);
    assert.equal((await fail(order)).outcome, 'payment_live');
    await moves().park(order.id, order.workflowId, {});
    assert.equal((await fail(order)).outcome, 'payment_live');
    assert.equal(await bench.held(anna, 'TON'), price);
    assert.equal((await fail(order, true)).status, 'failed');
    assert.deepEqual([await bench.held(anna, 'TON'), await bench.available(anna, 'TON')], [0n, price]);
  });

  it('are charged once, when they are delivered', async () => {
    const { anna, order } = await annaBuys();
    await decide(await mustSign([order]), ['paid']);
    const deliver = () => moves().deliver(keyed(order, 'capture'));
    assert.equal((await deliver()).status, 'delivered');
    assert.equal((await deliver()).outcome, 'captured');
    assert.deepEqual([await bench.held(anna, 'TON'), await bench.available(anna, 'TON')], [0n, 0n]);
    assert.equal((await fail(order, true)).status, 'delivered');
  });

  it('are not delivered before they are paid', async () => {
    const { order } = await annaBuys();
    assert.equal((await moves().deliver(keyed(order, 'capture'))).outcome, 'order_closed');
    await mustSign([order]);
    assert.equal((await moves().deliver(keyed(order, 'capture'))).outcome, 'order_closed');
  });

  it('can be taken up again by the chain while a person looks into them', async () => {
    const { order } = await annaBuys();
    const messageId = await mustSign([order]);
    await moves().park(order.id, order.workflowId, { reason: 'late' });
    const open = `SELECT count(*)::int AS count FROM app.attention WHERE workflow_id = $1 AND closed_at IS NULL`;
    const openCases = async () => (await bench.owner.query<{ count: number }>(open, [order.workflowId])).rows[0]?.count;
    assert.equal(await openCases(), 1);
    await decide(messageId, ['paid']);
    assert.deepEqual([await statusOf(order), await openCases()], ['paid', 0]);
  });

  describe('that are parked', () => {
    const vote = (order: InsertedStarPurchase, decision: 'delivered' | 'not_delivered' | 'retry', operatorId: string) =>
      moves().decide(order.id, { operatorId, decision, reason: 'seen in the history' });

    async function parked(needsTwo: boolean, isPaid = true) {
      const bought = await annaBuys(needsTwo);
      const messageId = await mustSign([bought.order]);
      if (isPaid) await decide(messageId, ['paid']);
      await moves().park(bought.order.id, bought.order.workflowId, {});
      return { ...bought, messageId, olga: await operator('owner'), oleg: await operator('manager') };
    }

    async function operator(role: 'manager' | 'owner'): Promise<string> {
      const id = await insertPerson(bench.owner);
      await bench.owner.query('UPDATE app.users SET roles = $2 WHERE id = $1', [id, [role]]);
      return id;
    }

    it('are decided by one person below the limit', async () => {
      const { order, olga } = await parked(false);
      assert.equal(await vote(order, 'delivered', olga), 'applied');
    });

    it('are decided once: who says otherwise in the same moment comes too late', async () => {
      const { order, olga, oleg } = await parked(false);
      const answers = await Promise.all([vote(order, 'delivered', olga), vote(order, 'not_delivered', oleg)]);
      assert.deepEqual(answers.toSorted(), ['already_decided', 'applied']);
    });

    it('need two people who say the same above it', async () => {
      const { order, olga, oleg } = await parked(true);
      const third = await operator('manager');
      assert.equal(await vote(order, 'delivered', olga), 'needs_second');
      assert.equal(await vote(order, 'delivered', olga), 'needs_second', 'one person twice is one person');
      assert.equal(await vote(order, 'not_delivered', olga), 'already_decided');
      assert.equal(await vote(order, 'not_delivered', oleg), 'needs_second');
      assert.equal(await vote(order, 'delivered', third), 'applied');
    });

    it('are decided above it by no number of people without an owner, whoever of them was one before', async () => {
      const { order, olga, oleg } = await parked(true);
      const third = await operator('manager');
      await bench.owner.query(`UPDATE app.users SET roles = '{manager}' WHERE id = $1`, [olga]);
      assert.equal(await vote(order, 'delivered', olga), 'needs_second');
      assert.equal(await vote(order, 'delivered', oleg), 'needs_second');
      assert.equal(await vote(order, 'delivered', third), 'needs_second');
      assert.equal((await moves().standing(order.id)).decision, undefined, 'the saga would carry it out');
      assert.equal(await vote(order, 'delivered', await operator('owner')), 'applied');
      assert.equal((await moves().standing(order.id)).decision, 'delivered');
    });

    it('stand undecided for their saga too while only managers have said the same', async () => {
      const { order, oleg } = await parked(true);
      const third = await operator('manager');
      for (const manager of [oleg, third]) assert.equal(await vote(order, 'not_delivered', manager), 'needs_second');
      assert.deepEqual(await moves().standing(order.id), { status: 'needs_attention', round: 1 });
      assert.equal(await vote(order, 'not_delivered', await operator('owner')), 'applied');
      assert.equal((await moves().standing(order.id)).decision, 'not_delivered');
    });

    for (const [who, change] of [
      ['is no operator any more', "roles = '{support}'"],
      ['is banned', "status = 'banned'"],
    ]) {
      it(`are not decided by the word of somebody who ${who}`, async () => {
        const { order, olga, oleg } = await parked(true);
        assert.equal(await vote(order, 'not_delivered', oleg), 'needs_second');
        await bench.owner.query(`UPDATE app.users SET ${change} WHERE id = $1`, [oleg]);
        assert.equal(await vote(order, 'not_delivered', olga), 'needs_second');
        assert.equal(await vote(order, 'not_delivered', oleg), 'not_for_you');
      });
    }

    it('are not decided by a manager who is the buyer; an owner may', async () => {
      const { order, anna, olga } = await parked(true);
      await bench.owner.query(`UPDATE app.users SET roles = '{manager}' WHERE id = $1`, [anna]);
      assert.equal(await vote(order, 'not_delivered', anna), 'not_for_you');
      assert.equal(await vote(order, 'not_delivered', olga), 'needs_second');
      await bench.owner.query(`UPDATE app.users SET roles = '{owner}' WHERE id = $1`, [anna]);
      assert.equal(await vote(order, 'not_delivered', anna), 'applied');
    });

    it('are neither given back nor paid again while the chain may still pay', async () => {
      const { order, olga } = await parked(false, false);
      assert.equal(await vote(order, 'not_delivered', olga), 'not_possible');
      assert.equal(await vote(order, 'retry', olga), 'not_possible');
      assert.equal(await moves().resume(order.id), 'needs_attention');
    });

    it('are shown to a person when they were called delivered, and the chain says later that nothing was paid', async () => {
      const { order, olga, messageId } = await parked(false, false);
      assert.equal(await vote(order, 'delivered', olga), 'applied');
      assert.equal((await moves().deliver(keyed(order, 'capture'))).outcome, 'captured');
      for (let times = 0; times < 2; times += 1) await decide(messageId, ['not_paid']);
      const { rows } = await bench.owner.query<{ kind: string; evidence: Record<string, unknown> }>(
        'SELECT kind, evidence FROM app.attention WHERE workflow_id = $1 AND closed_at IS NULL',
        [order.workflowId],
      );
      assert.deepEqual(
        rows.map(({ kind, evidence }) => [kind, evidence['chargedMinor'], evidence['asset']]),
        [['star_purchase_unpaid', String(price), 'TON']],
      );
    });

    it('are given back although a payment waited for its place: it is taken back first', async () => {
      const { anna, order } = await annaBuys();
      await moves().preparePayment(order.id, paymentOf(wallet));
      await moves().park(order.id, order.workflowId, {});
      assert.equal((await fail(order)).outcome, 'payment_live');
      assert.equal((await fail(order, true)).status, 'failed');
      assert.deepEqual([await bench.held(anna, 'TON'), (await messages().prepared(wallet, 10)).length], [0n, 0]);
    });

    it('are over for the buyer who has the money back already', async () => {
      const { anna, order } = await parked(false);
      const cause = JSON.stringify(because('mistake'));
      await bench.owner.query('SELECT ledger.release($1, $2, $3)', [`mistake/${order.id}`, order.holdKey, cause]);
      assert.equal((await moves().deliver(keyed(order, 'capture'))).outcome, 'already_released');
      assert.equal(await moves().resume(order.id), 'needs_attention', 'nothing may be paid for without funds');
      assert.equal((await fail(order, true)).status, 'failed');
      assert.deepEqual([await bench.held(anna, 'TON'), await bench.available(anna, 'TON')], [0n, price]);
    });

    it('ask anew, once, when what was decided cannot be carried out', async () => {
      const { order, olga, oleg } = await parked(false);
      assert.equal(await vote(order, 'delivered', olga), 'applied');
      const decided = { status: 'needs_attention', round: 1, decision: 'delivered' };
      assert.deepEqual(await moves().standing(order.id), decided);
      const again = { workflowId: order.workflowId, round: 1, evidence: { reason: 'the funds are gone' } };
      for (let times = 0; times < 2; times += 1) await moves().parkAgain(order.id, again);
      assert.deepEqual(await moves().standing(order.id), { status: 'needs_attention', round: 2 });
      const { rows } = await bench.owner.query(
        `SELECT evidence ->> 'reason' AS reason, close_reason AS closing FROM app.attention
         WHERE workflow_id = $1 ORDER BY id`,
        [order.workflowId],
      );
      assert.deepEqual(rows, [
        { reason: null, closing: 'the funds are gone' },
        { reason: 'the funds are gone', closing: null },
      ]);
      assert.equal(await vote(order, 'not_delivered', oleg), 'applied');
    });

    it('ask anew when they are parked again', async () => {
      const { order, olga, oleg } = await parked(true);
      await vote(order, 'retry', olga);
      assert.equal(await vote(order, 'retry', oleg), 'applied');
      assert.equal(await moves().resume(order.id), 'paid');
      await moves().park(order.id, order.workflowId, {});
      assert.equal(await vote(order, 'retry', oleg), 'needs_second');
    });
  });
});
