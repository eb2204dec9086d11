import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { flowsQueue } from '../../core/queues.ts';
import { createTelegramPayments } from '../../db/telegram-payments.ts';
import { createPreCheckout, type PreCheckout } from '../../gateway/pre-checkout.ts';
import { checkoutSentence } from '../../gateway/pre-checkout-texts.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { createStory, type Person, type Story } from '../support/story.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { chargesOf, invoiceOf, openTelegramDesk, type TelegramDesk } from '../support/telegram-desk.ts';

/** One that lets everything pass, as if two payments had been under way at the same moment. */
const careless: PreCheckout = { answer: () => Promise.resolve({ ok: true }) };

describe('a top-up in Telegram Stars', () => {
  let desk: TelegramDesk;
  let stack: Stack;
  let story: Story;
  let vera: Person;
  before(async () => {
    desk = await openTelegramDesk();
    const variables = { TELEGRAM_API_URL: desk.url, TELEGRAM_PROVIDER_TOKEN: '381764678:TEST:12345' };
    stack = await startStack({ variables });
    story = createStory(stack);
  });
  beforeEach(async () => {
    vera = await story.person();
    desk.open(stack);
  });
  afterEach(async () => {
    await desk.close();
    await desk.faults();
    stack.traps.clear();
    await story.assertMoney();
  });
  after(async () => {
    await stack?.stop();
    await desk?.stop();
  });

  const buy = async (provider = 'stars') => {
    const { status, body } = await story.placeTopup(vera, { provider });
    assert.equal(status, 202, JSON.stringify(body));
    const id: string = body.topup.id;
    return { id, link: await invoiceOf(stack, id), body };
  };
  const credits = async () => (await story.balance(vera)).available;
  const toldOf = async (kind: string) => (await story.told(vera)).filter((told) => told === kind).length;
  const sweep = () =>
    stack.client.workflow.execute('housekeeping', {
      taskQueue: flowsQueue,
      workflowId: `sweep/${randomUUID()}`,
      args: [{ job: 'sweepPayments' }],
    });
  const carelessly = async () => {
    await desk.close();
    desk.open(stack, careless);
  };
  const invoice = (payload: string, amount: number) =>
    desk.client.call('createInvoiceLink', {
      title: 'Changed',
      description: 'Changed',
      payload,
      currency: 'XTR',
      prices: [{ label: 'Changed', amount }],
    });

  it('is asked for in Stars, paid inside Telegram and credited once, with the books in Stars', async () => {
    const { id, link, body } = await buy();
    assert.deepEqual(body.topup.price, { amountMinor: '300', asset: 'XTR' });
    assert.match(link, /^https:\/\/t\.me\/\$/);
    assert.partialDeepStrictEqual(await desk.pay(vera, link), { status: 'paid' });
    await story.until(id, 'credited');
    await story.closed(`topup/${id}`);
    assert.equal(await credits(), 100n);
    assert.equal(await toldOf('topup.credited'), 1);
    const { rows } = await stack.owner.query(
      `SELECT a.code, sum(e.amount_minor)::int AS minor FROM ledger.entry e
         JOIN ledger.account a ON a.id = e.account_id JOIN ledger.transfer t ON t.id = e.transfer_id
       WHERE t.key = $1 AND a.code IS NOT NULL AND e.asset = 'XTR' GROUP BY a.code ORDER BY a.code`,
      [`credit/stars/${id}`],
    );
    assert.deepEqual(rows, [
      { code: 'clearing:stars', minor: 300 },
      { code: 'deferred', minor: -300 },
      { code: 'tax_due', minor: -12 },
      { code: 'tax_expense', minor: 12 },
    ]);
  });

  it('names what is bought in the payer’s language, with our id as the payload and the price as it was quoted', async () => {
    const { id, link } = await buy();
    const slug = link.split('$')[1];
    const shown: unknown = await (await fetch(`${desk.url}/_sim/invoices/${slug}`)).json();
    const expected = { title: '100 кредитов', description: '100 кредитов', currency: 'XTR', total_amount: 300 };
    assert.partialDeepStrictEqual(shown, { invoice: expected });
    const { rows } = await stack.owner.query('SELECT body FROM app.payment_request WHERE topup_id = $1', [id]);
    assert.equal(JSON.parse(rows[0].body).payload, id);
  });

  it('W19: whose payment is told twice is credited once', async () => {
    const { id, link } = await buy();
    await desk.pay(vera, link, { duplicate: true });
    await story.until(id, 'credited');
    const isDrained = async () => (await story.count("app.inbox WHERE source = 'stars' AND state = 'pending'")) === 0;
    await eventually(isDrained, { withinMs: 10_000 });
    assert.equal((await chargesOf(stack, id)).length, 1);
    assert.equal(await credits(), 100n);
    assert.equal(await toldOf('topup.credited'), 1);
  });

  it('cannot be paid twice, by another person, or after it was given up: nothing is charged', async () => {
    const { link } = await buy();
    await desk.pay(vera, link);
    const again = await desk.pay(vera, link);
    assert.deepEqual(again, { status: 'failed', error: checkoutSentence('already_paid', 'ru') });
    const own = await buy();
    const foreign = await desk.pay(await story.person(), own.link);
    assert.deepEqual(foreign, { status: 'failed', error: checkoutSentence('unknown', 'ru') });
    await story.act(vera, `/topups/${own.id}/cancel`);
    const late = await desk.pay(vera, own.link);
    assert.deepEqual(late, { status: 'failed', error: checkoutSentence('over', 'ru') });
    assert.deepEqual(await chargesOf(stack, own.id), []);
  });

  it('W19: paid under a payload that is no order of the payer credits nothing and is a case', async () => {
    const { id } = await buy();
    await carelessly();
    for (const payload of [randomUUID(), 'order 7', `${id.slice(0, -1)}x`]) {
      const link = await invoice(payload, 300);
      assert.ok(link.outcome === 'done');
      assert.partialDeepStrictEqual(await desk.pay(vera, link.value), { status: 'paid' });
    }
    const isReported = async () =>
      (await story.cases(vera)).filter((kind) => kind === 'unclaimed_payment').length === 3;
    await eventually(isReported, { withinMs: 10_000 });
    assert.equal(await credits(), 0n);
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
  });

  it('W8: paid with fewer Stars than asked credits nothing and is a case', async () => {
    const { id } = await buy();
    await carelessly();
    const link = await invoice(id, 1);
    assert.ok(link.outcome === 'done');
    await desk.pay(vera, link.value);
    await story.until(id, 'needs_attention');
    assert.equal(await credits(), 0n);
    assert.deepEqual(await story.cases(vera), ['amount_mismatch']);
  });

  it('charged twice at the same moment keeps one charge; the other goes back by itself, with a case', async () => {
    const { id, link } = await buy();
    await carelessly();
    await desk.pay(vera, link);
    await desk.pay(vera, link);
    await story.until(id, 'credited');
    const isBack = async () => (await toldOf('topup.refunded')) === 1;
    await eventually(isBack, { withinMs: 20_000 });
    assert.deepEqual(
      (await chargesOf(stack, id)).map(({ role }) => role),
      ['payment', 'surplus'],
    );
    assert.equal(await credits(), 100n);
    assert.deepEqual(await story.cases(vera), ['second_payment']);
    const balance = await desk.client.call('getMyStarBalance', {});
    assert.equal(await story.count("app.refund WHERE topup_id = $1 AND status = 'refunded'", [id]), 1);
    assert.equal(balance.outcome, 'done');
  });

  it('paid although it was given up is credited late', async () => {
    const { id, link } = await buy();
    await story.act(vera, `/topups/${id}/cancel`);
    await story.until(id, 'canceled');
    await carelessly();
    await desk.pay(vera, link);
    await story.until(id, 'credited');
    assert.equal(await credits(), 100n);
  });

  it('whose update was lost is found by the sweep', async () => {
    const { id, link } = await buy();
    assert.partialDeepStrictEqual(await desk.pay(vera, link, { lost: true }), { status: 'paid' });
    await sweep();
    await story.until(id, 'credited');
    assert.equal(await story.count("app.telegram_payment WHERE topup_id = $1 AND found_by = 'sweep'", [id]), 1);
    assert.equal(await credits(), 100n);
  });

  it('whose update was lost is found when the person says "I paid"', async () => {
    const { id, link } = await buy();
    await story.act(vera, `/topups/${id}/check`);
    assert.equal((await story.topup(id)).status, 'awaiting_payment');
    await desk.pay(vera, link, { lost: true });
    await story.act(vera, `/topups/${id}/check`);
    await story.until(id, 'credited');
    assert.equal(await credits(), 100n);
  });

  it('whose question before the payment comes after the payment is refused a second time, and stays paid', async () => {
    const { id, link } = await buy();
    await desk.pay(vera, link);
    await story.until(id, 'credited');
    const payments = createTelegramPayments(stack.pool);
    const late = { from: { id: vera.telegramId }, currency: 'XTR', total_amount: 300, invoice_payload: id };
    assert.equal((await createPreCheckout({ payments, logger: silent }).answer(late)).ok, false);
    assert.equal(await credits(), 100n);
  });

  it('W20: is not charged while the database hangs, and the payer is told so in time', async () => {
    const { id, link } = await buy();
    await desk.close();
    const payments = createTelegramPayments(stack.pool);
    desk.open(stack, createPreCheckout({ payments, logger: silent, budgetMs: 300 }));
    const blocker = await stack.owner.connect();
    try {
      await blocker.query('BEGIN; LOCK TABLE app.topup IN ACCESS EXCLUSIVE MODE');
      const answer = await desk.pay(vera, link);
      assert.deepEqual(answer, { status: 'failed', error: checkoutSentence('unavailable', 'ru') });
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }
    assert.deepEqual(await chargesOf(stack, id), []);
    assert.partialDeepStrictEqual(await desk.pay(vera, link), { status: 'paid' });
    await story.until(id, 'credited');
  });

  it('waits for Telegram where it does not answer, and has its link in the end', async () => {
    const fault = { kind: 'status', status: 502, body: 'Bad Gateway' } as const;
    await desk.faults({ path: '/bot*/createInvoiceLink', times: 2, fault });
    const { id, link } = await buy();
    await desk.pay(vera, link);
    await story.until(id, 'credited');
  });

  it('or by a card inside the chat, where BotFather gave a provider’s token', async () => {
    const { id, link, body } = await buy('telegram-card');
    assert.deepEqual(body.topup.price, { amountMinor: '50000', asset: 'RUB' });
    assert.partialDeepStrictEqual(await desk.pay(vera, link, { duplicate: true }), { status: 'paid' });
    await story.until(id, 'credited');
    assert.equal(await credits(), 100n);
    const text = "ledger.transfer WHERE key = $1 AND cause ->> 'feeEstimated' = 'true'";
    assert.equal(await story.count(text, [`credit/telegram-card/${id}`]), 1);
    assert.equal((await chargesOf(stack, id)).length, 1);
  });
});
