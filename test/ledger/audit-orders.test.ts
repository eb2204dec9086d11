import assert from 'node:assert/strict';
import { orderChecks } from '../../ledger/audit-order-checks.ts';
import { createGenerationMoves } from '../../db/generation-moves.ts';
import { createRefunds } from '../../db/refunds.ts';
import { createTelegramPayments } from '../../db/telegram-payments.ts';
import { createStarPurchaseMoves } from '../../db/star-purchase-moves.ts';
import { createTopupMoves } from '../../db/topup-moves.ts';
import { createWalletMessages } from '../../db/wallet-messages.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { because } from '../support/ledger.ts';
import { insertGeneration, insertPerson, insertTopup } from '../support/orders.ts';
import { insertStarPurchase, paymentOf } from '../support/star-orders.ts';
import { orderPlants } from './audit-order-plants.ts';

describe('the audit of orders against the ledger', () => {
  let bench: AuditBench;
  before(async () => {
    bench = await openAuditBench();
    await sellALittle(bench);
  });
  after(() => bench.close());

  it('finds nothing where every order moved by its own functions', async () => {
    assert.deepEqual(await bench.audit(orderChecks), []);
  });

  for (const plant of orderPlants) {
    it(`finds by ${plant.check} that ${plant.what}, and names the row`, async () => {
      const findings = await bench.auditWith(plant.statements, orderChecks);
      const named = findings.filter(({ check, subject }) => check === plant.check && plant.subject.test(subject));
      assert.notEqual(named.length, 0, JSON.stringify(findings));
    });
  }

  it('is content when a case is open for what is late', async () => {
    const late = "UPDATE app.generation SET updated_at = now() - interval '3 hours' WHERE status = 'submitted'";
    const flagged = `INSERT INTO app.attention (key, kind, workflow_id, evidence)
      SELECT 'late', 'late', 'generation/' || id, '{}' FROM app.generation WHERE status = 'submitted'`;
    assert.notEqual((await bench.auditWith([late], orderChecks)).length, 0);
    assert.deepEqual(await bench.auditWith([late, flagged], orderChecks), []);
  });

  it('has a planted violation for every check', () => {
    const planted = new Set(orderPlants.map((plant) => plant.check));
    assert.deepEqual(
      orderChecks.map((check) => check.name).filter((name) => !planted.has(name)),
      [],
    );
  });
});

/** A charge of another person's payload, which a person has to look at, and the refund of it. */
async function chargeInTelegram(bench: AuditBench, person: string, payload: string): Promise<void> {
  const { rows } = await bench.owner.query('SELECT telegram_id::float8 AS id FROM app.users WHERE id = $1', [person]);
  const charge = { payload, telegramId: rows[0].id as number, currency: 'XTR', amountMinor: 300n };
  const paidAt = new Date().toISOString();
  const payments = createTelegramPayments(bench.pool);
  await payments.recordFound({ ...charge, chargeId: 'stx-kept', paidAt });
  await payments.recordFound({ ...charge, chargeId: 'stx-returned', paidAt });
  await createRefunds(bench.pool).ask({ chargeId: 'stx-returned', reason: 'operator', by: 'system', forced: false });
}

/** One credited top-up, one generation that succeeded, and one that is on its way. */
async function sellALittle(bench: AuditBench): Promise<void> {
  const anna = await insertPerson(bench.owner);
  const topupId = await insertTopup(bench.owner, { person: anna });
  const cause = { ...because('credit', `topup/${topupId}`), provider: 'yookassa', providerRef: 'pay-1' };
  const request = { topupId, paymentId: 'pay-1', key: 'credit/yookassa/pay-1', legs: [], cause };
  await createTopupMoves(bench.pool).credit({ ...request, eventAt: new Date().toISOString() });

  await chargeInTelegram(bench, anna, topupId);
  await buyStars(bench, anna);

  const moves = createGenerationMoves(bench.pool);
  for (const isFinished of [true, false]) {
    const {
      id: generationId,
      workflowId,
      holdKey,
    } = await insertGeneration(bench.owner, { person: anna, pictures: 2 });
    await moves.reserve({ generationId, key: holdKey, ttlMs: 3_600_000, cause: because('reserve', workflowId) });
    const { rows } = await bench.owner.query<{ id: string }>(
      `INSERT INTO app.generation_attempt (id, generation_id, number, token)
       VALUES (gen_random_uuid(), $1, 1, gen_random_uuid()) RETURNING id`,
      [generationId],
    );
    const attempt = rows[0]?.id;
    await bench.owner.query('SELECT app.generation_begin_sending($1)', [attempt]);
    if (!isFinished) continue;
    await bench.owner.query("SELECT app.generation_record_attempt($1, 'accepted', 'task-1', NULL, NULL)", [attempt]);
    const pictures = [{ position: 0, blobKey: 'blob', mime: 'image/png', bytes: 10 }];
    const capture = { generationId, key: `${workflowId}/capture`, cause: because('capture', workflowId) };
    await moves.capture({ ...capture, holdKey, amountMinor: 10n, pictures });
  }
}

/** One purchase of Stars that was delivered, and one whose message the chain has not decided. */
async function buyStars(bench: AuditBench, person: string): Promise<void> {
  const moves = createStarPurchaseMoves(bench.pool);
  const messages = createWalletMessages(bench.pool);
  const wallet = `0:${'cd'.repeat(32)}`;
  await bench.give(person, 2_000_000_000n, { of: 'TON' });
  for (const seqno of [0, 1]) {
    const { id: purchaseId, workflowId, holdKey } = await insertStarPurchase(bench.owner, { person });
    const keyed = (step: string) => ({ key: `${workflowId}/${step}`, cause: because(step, workflowId), purchaseId });
    await moves.reserve({ ...keyed('reserve'), ttlMs: 3_600_000 });
    const payment = paymentOf(wallet);
    await moves.preparePayment(purchaseId, payment);
    const hashes = { rawHash: `raw-${seqno}`, normalizedHash: `normalized-${seqno}` };
    const message = { wallet, seqno, validUntil: 1_900_000_000, boc: Buffer.from('boc'), ...hashes };
    const signed = await messages.sign({ ...message, paymentIds: [payment.id] });
    if (signed.outcome !== 'signed' || seqno === 1) continue;
    const verdicts = [{ position: 0, verdict: 'paid' as const }];
    await messages.decide(signed.messageId, { state: 'executed', verdicts, evidence: {} });
    await moves.deliver({ ...keyed('capture'), holdKey });
  }
}
