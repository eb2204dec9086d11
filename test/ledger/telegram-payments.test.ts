import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { topupLegs } from '../../core/pricing/topup-legs.ts';
import { createRefunds, type Refunds } from '../../db/refunds.ts';
import { createTelegramPayments, type TelegramPayments } from '../../db/telegram-payments.ts';
import { createTopupMoves } from '../../db/topup-moves.ts';
import { orderChecks } from '../../ledger/audit-order-checks.ts';
import { ledgerChecks } from '../../ledger/audit.ts';
import { type AuditBench, openAuditBench } from '../support/audit.ts';
import { because } from '../support/ledger.ts';

interface Buyer {
  readonly id: string;
  readonly telegramId: number;
}

describe('charges inside Telegram', () => {
  let bench: AuditBench;
  let payments: TelegramPayments;
  let refunds: Refunds;
  let vera: Buyer;
  before(async () => {
    bench = await openAuditBench();
    payments = createTelegramPayments(bench.pool);
    refunds = createRefunds(bench.pool);
  });
  beforeEach(async () => {
    vera = await person();
  });
  afterEach(async () => assert.deepEqual(await bench.audit([...ledgerChecks, ...orderChecks]), []));
  after(() => bench.close());

  const chargeIdOf = () => `stx${randomUUID().repeat(5)}`;
  const rows = async (text: string, values: unknown[]) => (await bench.owner.query(text, values)).rows;

  async function person(): Promise<Buyer> {
    const buyer = { id: randomUUID(), telegramId: 7_000_000_000 + randomInt(1_000_000_000) };
    const text = "INSERT INTO app.users (id, telegram_id, first_name) VALUES ($1, $2, 'Vera')";
    await bench.owner.query(text, [buyer.id, buyer.telegramId]);
    return buyer;
  }

  async function topup(buyer: Buyer, provider = 'stars'): Promise<string> {
    const id = randomUUID();
    await bench.owner.query(
      `INSERT INTO app.topup (id, user_id, request_hash, status, pack_id, title, provider, catalogue_version,
         price_minor, price_asset, grants_minor, grants_asset, payment_id)
       VALUES ($1, $2, '', 'awaiting_payment', 'credits-100', '100 credits', $3, 'v1', 300, 'XTR', 100, 'CREDIT', $4)`,
      [id, buyer.id, provider, id],
    );
    return id;
  }

  function update(paid: { payload: string; chargeId: string; from?: number; kind?: string; amount?: number }) {
    const { payload, chargeId, from = vera.telegramId, kind = 'successful_payment', amount = 300 } = paid;
    return {
      update_id: randomInt(1_000_000_000),
      message: {
        message_id: 1,
        date: 1_760_000_000,
        chat: { id: from, type: 'private' },
        from: { id: from, is_bot: false, first_name: 'Vera' },
        [kind]: {
          currency: 'XTR',
          total_amount: amount,
          invoice_payload: payload,
          telegram_payment_charge_id: chargeId,
          provider_payment_charge_id: '',
        },
      },
    };
  }

  async function credit(topupId: string): Promise<string> {
    const gross = money(300n, 'XTR');
    const none = money(0n, 'XTR');
    const answer = await createTopupMoves(bench.pool).credit({
      topupId,
      paymentId: topupId,
      key: `credit/stars/${topupId}`,
      legs: topupLegs({ provider: 'stars', gross, fee: none, tax: money(12n, 'XTR') }),
      cause: { ...because('credit', `topup/${topupId}`), provider: 'stars', providerRef: topupId },
      eventAt: new Date().toISOString(),
    });
    return answer.outcome;
  }

  const roleOf = async (wish: { payload: string; chargeId: string }) => (await payments.record(update(wish)))?.role;

  async function paidAndCredited(): Promise<{ topupId: string; chargeId: string }> {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    assert.equal(await roleOf({ payload: topupId, chargeId }), 'payment');
    assert.equal(await credit(topupId), 'credited');
    return { topupId, chargeId };
  }

  const ask = (chargeId: string, forced = false) =>
    refunds.ask({ chargeId, reason: 'operator', by: 'operator:test', forced });
  const takeBack = (refundId: string) =>
    refunds.takeBack(refundId, `refund/${refundId}/take-back`, because('take-back', `refund/${refundId}`));
  const spend = async (amount: bigint) => {
    const key = await bench.hold(vera.id, amount);
    await bench.ledger.capture({ key: randomUUID(), holdKey: key, amountMinor: amount, cause: because('spend') });
  };
  const available = async () => {
    const text = 'SELECT available_minor::int AS credits FROM ledger.wallet_balance WHERE owner_id = $1';
    return (await rows(text, [vera.id]))[0].credits as number;
  };
  const starsOf = async (account: string) =>
    Number((await rows("SELECT ledger.system_balance($1, 'XTR') AS minor", [account]))[0].minor);
  const cases = async (kind: string) =>
    (await rows('SELECT 1 FROM app.attention WHERE kind = $1 AND user_id = $2', [kind, vera.id])).length;

  it('W19: told twice at once and again later is one charge and one fact', async () => {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    const told = update({ payload: topupId, chargeId });
    const recorded = await Promise.all([payments.record(told), payments.record(told), payments.record(told)]);
    const same = { role: 'payment', streamKey: `stars/${topupId}` };
    assert.deepEqual(recorded, [same, same, same]);
    const facts = await rows('SELECT fact, deliveries FROM app.inbox WHERE stream_key = $1', [`stars/${topupId}`]);
    assert.deepEqual(facts, [{ fact: { kind: 'payment', provider: 'stars', paymentId: topupId }, deliveries: 3 }]);
    await credit(topupId);
    await payments.record(told);
    const [row] = await rows('SELECT state FROM app.inbox WHERE stream_key = $1', [`stars/${topupId}`]);
    assert.equal(row.state, 'pending');
  });

  it('W19: a payload that was changed is nobody’s: nothing to deliver, and a case', async () => {
    const topupId = await topup(vera);
    const foreign = await topup(await person());
    const changed = [`${topupId.slice(0, -1)}x`, randomUUID(), foreign, '', 'order 7'];
    for (const payload of changed) {
      assert.deepEqual(
        await payments.record(update({ payload, chargeId: chargeIdOf() })),
        { role: 'unclaimed' },
        payload,
      );
    }
    assert.equal(await cases('unclaimed_payment'), changed.length);
    assert.deepEqual(await rows('SELECT 1 FROM app.inbox WHERE body LIKE $1', [`%${vera.telegramId}%`]), []);
  });

  it('W19: a known charge that comes with another payload changes nothing', async () => {
    const { topupId, chargeId } = await paidAndCredited();
    const other = await topup(vera);
    assert.equal(await roleOf({ payload: other, chargeId }), 'payment');
    assert.equal(await payments.ofPayload('stars', other), null);
    assert.equal((await payments.ofPayload('stars', topupId))?.chargeId, chargeId);
  });

  it('a second charge for one top-up, even at the same moment, is a case and is returned', async () => {
    const topupId = await topup(vera);
    const both = [chargeIdOf(), chargeIdOf()];
    const roles = await Promise.all(both.map((chargeId) => roleOf({ payload: topupId, chargeId })));
    assert.deepEqual(roles.toSorted(), ['payment', 'surplus']);
    assert.equal(await cases('second_payment'), 1);
    const [refund] = await rows('SELECT id, status, reason FROM app.refund WHERE topup_id = $1', [topupId]);
    assert.partialDeepStrictEqual(refund, { status: 'accepted', reason: 'second_payment' });
    await credit(topupId);
    assert.equal(await takeBack(refund.id), 'returning');
    assert.equal(await available(), 100, 'the first charge keeps its credits');
    assert.equal(await refunds.finish(refund.id), 'refunded');
  });

  it('one that cannot be read is a case and stops nobody', async () => {
    const broken = { update_id: 77, message: { successful_payment: { currency: 'XTR' } } };
    assert.deepEqual(await payments.record(broken), { role: 'unreadable' });
    assert.equal((await rows("SELECT 1 FROM app.attention WHERE key = 'unreadable-payment/77'", [])).length, 1);
    assert.equal(await payments.record({ update_id: 78, message: { text: 'hello' } }), undefined);
    assert.equal(await payments.record('nonsense'), undefined);
  });

  it('W20: a checkout knows whose it is, what it costs and whether it is paid', async () => {
    const topupId = await topup(vera);
    const expected = { status: 'awaiting_payment', provider: 'stars', priceMinor: 300n, priceAsset: 'XTR' };
    assert.partialDeepStrictEqual(await payments.checkout(topupId), { ...expected, isPaid: false, isBanned: false });
    await payments.record(update({ payload: topupId, chargeId: chargeIdOf() }));
    assert.partialDeepStrictEqual(await payments.checkout(topupId), { ...expected, isPaid: true });
    assert.equal(await payments.checkout(randomUUID()), null);
  });

  it('a refund takes the credits back with their Stars and taxes, once, and tells the person once', async () => {
    const before = await starsOf('clearing:stars');
    const { topupId, chargeId } = await paidAndCredited();
    assert.equal(await starsOf('clearing:stars'), before + 300);
    const refundId = (await ask(chargeId))?.refundId ?? '';
    assert.equal((await ask(chargeId))?.refundId, refundId);
    const taken = await Promise.all([takeBack(refundId), takeBack(refundId), takeBack(refundId)]);
    assert.deepEqual([...new Set(taken)], ['returning']);
    assert.equal(await available(), 0);
    assert.equal(await starsOf('clearing:stars'), before);
    assert.deepEqual([await refunds.finish(refundId), await refunds.finish(refundId)], ['refunded', 'refunded']);
    const told = await rows("SELECT data FROM app.outbox WHERE user_id = $1 AND kind = 'topup.refunded'", [vera.id]);
    assert.equal(told.length, 1);
    assert.partialDeepStrictEqual(told[0].data, { topupId, amountMinor: '300', takenBackMinor: '100' });
    assert.equal((await payments.get(chargeId))?.isReturned, true);
  });

  it('W16: a refund of spent credits stops before a person, and makes no debt', async () => {
    const { chargeId } = await paidAndCredited();
    await spend(30n);
    const refundId = (await ask(chargeId))?.refundId ?? '';
    assert.equal(await takeBack(refundId), 'needs_attention');
    assert.equal(await takeBack(refundId), 'needs_attention');
    assert.equal(await available(), 70);
    assert.equal(await cases('refund_blocked'), 1);
  });

  it('W16: forced, it takes what is left and writes off the rest', async () => {
    const { chargeId } = await paidAndCredited();
    await spend(30n);
    const refundId = (await ask(chargeId))?.refundId ?? '';
    await takeBack(refundId);
    assert.equal((await ask(chargeId, true))?.status, 'accepted');
    assert.equal(await takeBack(refundId), 'returning');
    assert.equal(await available(), 0);
    assert.partialDeepStrictEqual(await refunds.get(refundId), { takenBackMinor: 100n, writtenOffMinor: 30n });
    await refunds.finish(refundId);
    const open = await rows('SELECT 1 FROM app.attention WHERE user_id = $1 AND closed_at IS NULL', [vera.id]);
    assert.deepEqual(open, [], 'what was decided is no case any more');
  });

  it('W16: money that Telegram returned by itself takes the credits with it', async () => {
    const { topupId, chargeId } = await paidAndCredited();
    const returned = update({ payload: topupId, chargeId, kind: 'refunded_payment' });
    assert.deepEqual(
      [await payments.record(returned), await payments.record(returned)],
      [{ role: 'returned' }, { role: 'returned' }],
    );
    const [refund] = await rows('SELECT id, confirmed_at, reason FROM app.refund WHERE charge_id = $1', [chargeId]);
    assert.equal(refund.reason, 'returned_by_provider');
    assert.notEqual(refund.confirmed_at, null);
    assert.equal(await takeBack(refund.id), 'returning');
    assert.equal(await available(), 0);
    await refunds.finish(refund.id);
  });

  it('money that went back before it was credited is credited no more', async () => {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    await payments.record(update({ payload: topupId, chargeId }));
    const refundId = (await ask(chargeId))?.refundId ?? '';
    const [outcome] = await Promise.all([takeBack(refundId), credit(topupId)]);
    assert.equal(outcome, 'returning');
    assert.equal(await credit(topupId).then((again) => (again === 'credited' ? available() : 0)), 0);
    await refunds.finish(refundId);
  });

  it('W16: money that Telegram returned before we credited it is not credited and spent meanwhile', async () => {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    await payments.record(update({ payload: topupId, chargeId }));
    await payments.record(update({ payload: topupId, chargeId, kind: 'refunded_payment' }));
    assert.equal(await credit(topupId), 'refunded');
    const [refund] = await rows('SELECT id FROM app.refund WHERE charge_id = $1', [chargeId]);
    assert.equal(await takeBack(refund.id), 'returning');
    assert.equal(await credit(topupId), 'refunded');
    await refunds.finish(refund.id);
    const [row] = await rows('SELECT status FROM app.topup WHERE id = $1', [topupId]);
    assert.equal(row.status, 'canceled');
  });

  it('W16: a charge that we first hear of when it has gone back is never ours to credit, wherever we die', async () => {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    const statements: string[] = [];
    const dying = new Proxy(bench.pool, {
      get: (pool, name: keyof typeof bench.pool) => (query: never) => {
        statements.push(String(name));
        if (statements.length > 1) throw new Error('killed after the first statement');
        return (pool[name] as (query: never) => unknown)(query);
      },
    });
    const returned = update({ payload: topupId, chargeId, kind: 'refunded_payment' });
    await createTelegramPayments(dying)
      .record(returned)
      .catch(() => 'killed');
    assert.equal(await credit(topupId), 'refunded');
    const [refund] = await rows('SELECT id FROM app.refund WHERE charge_id = $1', [chargeId]);
    assert.equal(await takeBack(refund.id), 'returning');
    await refunds.finish(refund.id);
  });

  it('of characters or of a time that we cannot keep is a case all the same', async () => {
    const strange = update({ payload: 'order\u0000 7', chargeId: chargeIdOf() });
    assert.deepEqual(await payments.record(strange), { role: 'unclaimed' });
    const whole = update({ payload: await topup(vera), chargeId: chargeIdOf() });
    const late = { ...whole, message: { ...whole.message, date: Number.MAX_SAFE_INTEGER } };
    assert.deepEqual(await payments.record(late), { role: 'unreadable' });
    const half = { ...whole, update_id: 79, message: { successful_payment: { currency: 'X\u0000\ud800' } } };
    assert.deepEqual(await payments.record(half), { role: 'unreadable' });
  });

  it('a charge that no update told us of is entered with its fact, and is known afterwards', async () => {
    const [topupId, chargeId] = [await topup(vera), chargeIdOf()];
    assert.deepEqual([...(await payments.unknownOf([chargeId]))], [chargeId]);
    const charge = { chargeId, payload: topupId, telegramId: vera.telegramId, currency: 'XTR', amountMinor: 300n };
    await payments.recordFound({ ...charge, paidAt: new Date().toISOString() });
    assert.deepEqual([...(await payments.unknownOf([chargeId]))], []);
    assert.deepEqual([...(await payments.unreturnedOf([chargeId, 'stxOther']))], [chargeId]);
    assert.equal((await rows('SELECT 1 FROM app.inbox WHERE stream_key = $1', [`stars/${topupId}`])).length, 1);
  });
});
