import assert from 'node:assert/strict';
import type { Message, PreCheckoutQuery, SuccessfulPayment, Update } from '@grammyjs/types';
import { eventually } from '../support/eventually.ts';
import { annaId, openTelegram, type Telegram } from '../support/telegram.ts';

const stars = {
  title: '100 credits',
  description: 'A pack',
  payload: 'topup-1',
  currency: 'XTR',
  prices: [{ label: 'Pack', amount: 250 }],
};
const roubles = {
  ...stars,
  currency: 'RUB',
  provider_token: '381764678:TEST:1',
  prices: [{ label: 'Pack', amount: 99_000 }],
};

describe('Payments of the simulated Bot API', () => {
  let telegram: Telegram;
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
  });
  afterEach(() => telegram.stop());

  const link = (payload: object = stars) => telegram.result<string>('createInvoiceLink', payload);
  const updates = async () => (await telegram.sim<{ updates: Update[] }>('/state')).updates;
  const successes = async (): Promise<SuccessfulPayment[]> =>
    (await updates()).flatMap(({ message }) => message?.successful_payment ?? []);

  async function query(): Promise<PreCheckoutQuery> {
    let found: PreCheckoutQuery | undefined;
    await eventually(async () => {
      found = (await updates()).findLast(({ pre_checkout_query: asked }) => asked)?.pre_checkout_query;
      return found !== undefined;
    });
    return found!;
  }

  async function pay(wish: object) {
    const before = (await updates()).length;
    const paid = telegram.as(annaId).pay(wish);
    await eventually(async () => (await updates()).length > before);
    await telegram.result('answerPreCheckoutQuery', { pre_checkout_query_id: (await query()).id, ok: true });
    return paid;
  }

  it('ask the bot first, then take the Stars and tell of it', async () => {
    const paying = telegram.as(annaId).pay({ invoiceLink: await link() });
    const asked = await query();
    const { currency, total_amount, invoice_payload } = asked;
    assert.deepEqual([currency, total_amount, invoice_payload], ['XTR', 250, 'topup-1']);
    assert.deepEqual(await successes(), []);
    await telegram.result('answerPreCheckoutQuery', { pre_checkout_query_id: asked.id, ok: true });
    const { status, chargeId = '' } = await paying;
    assert.equal(status, 'paid');
    const [success] = await successes();
    assert.deepEqual(
      [success?.telegram_payment_charge_id, success?.total_amount, success?.invoice_payload],
      [chargeId, 250, 'topup-1'],
    );
    assert.ok(chargeId.startsWith('stx') && chargeId.length > 128);
    assert.equal((await telegram.as(annaId).chat()).starBalance, 9_750);
    assert.deepEqual(await telegram.result('getMyStarBalance'), { amount: 250 });
  });

  it('charge nothing when the bot refuses, and show its words', async () => {
    const paying = telegram.as(annaId).pay({ invoiceLink: await link() });
    const answer = { pre_checkout_query_id: (await query()).id, ok: false, error_message: 'Sold out' };
    await telegram.result('answerPreCheckoutQuery', answer);
    assert.deepEqual(await paying, { status: 'failed', error: 'Sold out' });
    assert.equal((await telegram.as(annaId).chat()).starBalance, 10_000);
    assert.match((await telegram.refusal('answerPreCheckoutQuery', { ...answer, ok: true })) ?? '', /query is too old/);
  });

  it('W20: charge nothing when the bot does not answer within 10 s', async () => {
    const paying = telegram.as(annaId).pay({ invoiceLink: await link() });
    const { id } = await query();
    await telegram.advance(10_001);
    assert.deepEqual(await paying, { status: 'failed', error: 'BOT_PRECHECKOUT_TIMEOUT' });
    assert.match(
      (await telegram.refusal('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true })) ?? '',
      /query is too old/,
    );
    assert.deepEqual(await successes(), []);
  });

  it('W19: can tell twice of one payment, and one link can be paid twice', async () => {
    const invoiceLink = await link();
    await pay({ invoiceLink, duplicate: true });
    const [first, second] = await successes();
    assert.deepEqual(first, second);
    await pay({ invoiceLink });
    assert.equal(new Set((await successes()).map((success) => success.telegram_payment_charge_id)).size, 2);
  });

  it('give the Stars back once, whole, and say so', async () => {
    const { chargeId } = await pay({ invoiceLink: await link() });
    const refund = { user_id: annaId, telegram_payment_charge_id: chargeId };
    await telegram.result('refundStarPayment', refund);
    assert.equal(await telegram.refusal('refundStarPayment', refund), 'Bad Request: CHARGE_ALREADY_REFUNDED');
    const told = (await updates()).at(-1)?.message?.refunded_payment;
    assert.deepEqual([told?.total_amount, told?.telegram_payment_charge_id], [250, chargeId]);
    const { transactions } = await telegram.result<{ transactions: { id: string; source?: object }[] }>(
      'getStarTransactions',
    );
    assert.deepEqual(
      transactions.map(({ id, source }) => [id, source !== undefined]),
      [
        [chargeId, true],
        [chargeId, false],
      ],
    );
    assert.deepEqual(await telegram.result('getMyStarBalance'), { amount: 0 });
    assert.equal((await telegram.as(annaId).chat()).starBalance, 10_000);
  });

  it('list Star transactions from the oldest on, by pages, also one whose update was lost', async () => {
    const lost = await pay({ invoiceLink: await link(), lost: true });
    assert.deepEqual(await successes(), []);
    await pay({ invoiceLink: await link({ ...stars, payload: 'topup-2' }) });
    const page = async (offset: number) =>
      (
        await telegram.result<{ transactions: { id: string; source: { invoice_payload: string } }[] }>(
          'getStarTransactions',
          { offset, limit: 1 },
        )
      ).transactions;
    assert.equal((await page(0))[0]?.id, lost.chargeId);
    assert.equal((await page(1))[0]?.source.invoice_payload, 'topup-2');
    assert.deepEqual(await page(2), []);
  });

  it('take a card through a provider token, in a message that is paid once', async () => {
    const { message_id, invoice } = await telegram.result<Message>('sendInvoice', { chat_id: annaId, ...roubles });
    assert.deepEqual([invoice?.currency, invoice?.total_amount], ['RUB', 99_000]);
    assert.equal((await pay({ messageId: message_id })).status, 'paid');
    assert.equal((await telegram.as(annaId).pay({ messageId: message_id })).error, 'INVOICE_ALREADY_PAID');
    assert.equal((await telegram.as(annaId).chat()).starBalance, 10_000);
    assert.deepEqual(await telegram.result('getMyStarBalance'), { amount: 0 });
  });

  it('end as the payer wants: given up, or refused by the bank', async () => {
    const invoiceLink = await link();
    assert.deepEqual(await telegram.as(annaId).pay({ invoiceLink, outcome: 'cancelled' }), { status: 'cancelled' });
    assert.deepEqual(await pay({ invoiceLink, outcome: 'failed' }), { status: 'failed', error: 'PAYMENT_FAILED' });
    await telegram.sim('/options', { failPayments: 1 });
    assert.equal((await pay({ invoiceLink })).status, 'failed');
    assert.equal((await pay({ invoiceLink })).status, 'paid');
  });

  it('begin a subscription, which the bot can end', async () => {
    const monthly = { ...stars, subscription_period: 2_592_000 };
    const { chargeId } = await pay({ invoiceLink: await link(monthly) });
    const [success] = await successes();
    assert.deepEqual([success?.is_recurring, success?.is_first_recurring], [true, true]);
    const edit = { user_id: annaId, telegram_payment_charge_id: chargeId, is_canceled: true };
    assert.equal(await telegram.result('editUserStarSubscription', edit), true);
  });

  it('renew a subscription by themselves when its month is over, once', async () => {
    const { chargeId } = await pay({ invoiceLink: await link({ ...stars, subscription_period: 2_592_000 }) });
    const charges = async () =>
      (await updates()).flatMap(({ message }) => message?.successful_payment?.telegram_payment_charge_id ?? []);
    await telegram.advance(2_592_000_000 - 60_000);
    assert.deepEqual(await charges(), []);
    await telegram.advance(60_000);
    await eventually(async () => (await charges()).length > 0);
    assert.notEqual((await charges())[0], chargeId);
  });

  it('renew no subscription that has ended, nor one without the Stars for it', async () => {
    const monthly = { ...stars, subscription_period: 2_592_000 };
    const { chargeId } = await pay({ invoiceLink: await link(monthly) });
    await telegram.as(annaId).act('/subscription', { chargeId, act: 'cancel' });
    await telegram.advance(2_592_000_000);
    const dear = { ...monthly, prices: [{ label: 'all', amount: 6_000 }] };
    const paid = await pay({ invoiceLink: await link(dear) });
    assert.equal(paid.status, 'paid', paid.error);
    await telegram.advance(2_592_000_000);
    await eventually(async () => (await updates()).at(-1)?.subscription?.state === 'failed');
    assert.equal((await updates()).filter(({ message }) => message?.successful_payment).length, 0);
  });

  it('renew a subscription by a charge of its own, and tell when the person ends it', async () => {
    const { chargeId } = await pay({ invoiceLink: await link({ ...stars, subscription_period: 2_592_000 }) });
    await telegram.as(annaId).act('/subscription', { chargeId, act: 'renew' });
    const [first, renewal] = await successes();
    assert.notEqual(renewal?.telegram_payment_charge_id, first?.telegram_payment_charge_id);
    assert.deepEqual(
      [renewal?.invoice_payload, renewal?.is_recurring, renewal?.is_first_recurring],
      ['topup-1', true, undefined],
    );
    await telegram.as(annaId).act('/subscription', { chargeId, act: 'cancel' });
    const told = (await updates()).at(-1)?.subscription;
    assert.deepEqual([told?.state, told?.invoice_payload], ['canceled', 'topup-1']);
  });

  it('take no more Stars than there are, though two payments are made at once', async () => {
    const invoiceLink = await link({ ...stars, prices: [{ label: 'Everything', amount: 10_000 }] });
    const both = [telegram.as(annaId).pay({ invoiceLink }), telegram.as(annaId).pay({ invoiceLink })];
    const asked = async () => (await updates()).flatMap(({ pre_checkout_query: query_ }) => query_?.id ?? []);
    await eventually(async () => (await asked()).length === 2);
    for (const id of await asked())
      await telegram.result('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: true });
    assert.deepEqual((await Promise.all(both)).map(({ status }) => status).sort(), ['failed', 'paid']);
    assert.equal((await telegram.as(annaId).chat()).starBalance, 0);
  });

  const wrong: [name: string, payload: object, words: string][] = [
    ['no title', { ...stars, title: '' }, 'Parameter "title" is required'],
    ['a long title', { ...stars, title: 'x'.repeat(33) }, 'INVOICE_TITLE_INVALID'],
    ['a payload above 128 bytes', { ...stars, payload: 'ж'.repeat(65) }, 'INVOICE_PAYLOAD_INVALID'],
    ['two prices in Stars', { ...stars, prices: [...stars.prices, ...stars.prices] }, 'STARS_INVOICE_INVALID'],
    ['an e-mail asked for with Stars', { ...stars, need_email: true }, 'STARS_INVOICE_INVALID'],
    ['a provider token with Stars', { ...stars, provider_token: '1:TEST:1' }, 'STARS_INVOICE_INVALID'],
    ['no provider token with roubles', { ...roubles, provider_token: '' }, 'PAYMENT_PROVIDER_INVALID'],
    ['nothing to pay', { ...stars, prices: [{ label: 'x', amount: 0 }] }, 'CURRENCY_TOTAL_AMOUNT_INVALID'],
    ['prices that are no JSON', { ...stars, prices: '[' }, "can't parse prices JSON object"],
    ['a subscription of a week', { ...stars, subscription_period: 604_800 }, 'SUBSCRIPTION_PERIOD_INVALID'],
  ];
  for (const [name, payload, words] of wrong) {
    it(`refuse an invoice with ${name}`, async () => {
      const expected = words.startsWith('Parameter') ? `p${words.slice(1)}` : words;
      assert.equal(await telegram.refusal('createInvoiceLink', payload), `Bad Request: ${expected}`);
    });
  }
});
