import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { invoiceSchema, toPayment } from '../../providers/heleket/schema.ts';
import { type Exchange, orderOf, openExchange } from '../support/heleket.ts';

describe('the client of Heleket', () => {
  let exchange: Exchange;
  before(async () => {
    exchange = await openExchange();
  });
  after(() => exchange.stop());
  afterEach(() => exchange.faults());

  async function created(topupId: string = randomUUID()) {
    const outcome = await exchange.client.create(topupId, exchange.client.createBody(orderOf(topupId)));
    assert.equal(outcome.outcome, 'done');
    return outcome.value;
  }
  async function read(paymentId: string) {
    const outcome = await exchange.client.read(paymentId);
    assert.equal(outcome.outcome, 'done');
    return outcome.value;
  }

  it('creates an invoice and tells where to pay and how long the rate holds', async () => {
    const topupId = randomUUID();
    const payment = await created(topupId);
    assert.equal(payment.status, 'pending');
    assert.deepEqual(payment.amount, money(50_000n, 'RUB'));
    assert.equal(payment.topupId, topupId);
    assert.equal(payment.payUrl, `${exchange.url}/pay/${payment.paymentId}`);
    const lifetimeMs = Date.parse(payment.expiresAt ?? '') - Date.parse(payment.createdAt);
    assert.ok(Math.abs(lifetimeMs - 3_600_000) < 2_000, String(lifetimeMs));
  });

  it('gets the same invoice for the same order id, and another for another attempt of the same top-up', async () => {
    const topupId = randomUUID();
    const first = await created(topupId);
    assert.equal((await created(topupId)).paymentId, first.paymentId);
    const key = `${topupId}-2`;
    const second = await exchange.client.create(key, exchange.client.createBody({ ...orderOf(topupId), key }));
    assert.equal(second.outcome, 'done');
    assert.notEqual(second.value.paymentId, first.paymentId);
    assert.equal(second.value.topupId, topupId);
  });

  it('is refused an old invoice of another amount that stands under the order id', async () => {
    const topupId = randomUUID();
    await created(topupId);
    const body = exchange.client.createBody({ ...orderOf(topupId), price: money(90_000n, 'RUB') });
    const outcome = await exchange.client.create(topupId, body);
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'another_invoice');
  });

  it('is refused an old invoice that nobody can pay any more', async () => {
    const topupId = randomUUID();
    const { paymentId } = await created(topupId);
    await exchange.control(`/invoices/${paymentId}/expire`);
    const outcome = await exchange.client.create(topupId, exchange.client.createBody(orderOf(topupId)));
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'invoice_is_over');
  });

  it('looks at the invoice under an order id that is said to be taken', async () => {
    const topupId = randomUUID();
    const { paymentId } = await created(topupId);
    const body = JSON.stringify({ state: 1, errors: { order_id: ['The order id has already been taken.'] } });
    await exchange.faults({ path: '/v1/payment', fault: { kind: 'status', status: 422, body } });
    assert.equal((await created(topupId)).paymentId, paymentId);
  });

  const payments = [
    ['exactly', {}, 50_000n],
    ['too little, and no more in time', { percent: 50 }, 25_000n],
    ['too much', { percent: 150 }, 75_000n],
    ['a hair too much', { amount: '6.25000001' }, 50_000n],
    ['a hair too little', { amount: '6.24999999' }, 49_999n],
  ] as const;
  for (const [how, pay, receivedMinor] of payments) {
    it(`reads what was paid ${how} in the currency of the price, at the rate of the invoice`, async () => {
      const { paymentId } = await created();
      await exchange.control(`/invoices/${paymentId}/pay`, pay);
      await exchange.control(`/invoices/${paymentId}/expire`);
      const payment = await read(paymentId);
      assert.equal(payment.status, 'succeeded');
      assert.deepEqual(payment.amount, money(receivedMinor, 'RUB'));
      assert.deepEqual(payment.asked, money(50_000n, 'RUB'));
    });
  }

  it('reads what the shop receives', async () => {
    const { paymentId } = await created();
    await exchange.control(`/invoices/${paymentId}/pay`);
    assert.deepEqual((await read(paymentId)).income, money(49_000n, 'RUB'));
  });

  it('waits for the rest of an underpaid invoice while its time runs', async () => {
    const { paymentId } = await created();
    await exchange.control(`/invoices/${paymentId}/pay`, { percent: 50 });
    const waiting = await read(paymentId);
    assert.equal(waiting.status, 'pending');
    assert.deepEqual(waiting.receivedSoFar, money(25_000n, 'RUB'));
    await exchange.control(`/invoices/${paymentId}/pay`);
    assert.deepEqual((await read(paymentId)).amount, money(50_000n, 'RUB'));
  });

  const statuses = [
    ['check', 'pending'],
    ['process', 'pending'],
    ['confirm_check', 'pending'],
    ['cancel', 'canceled'],
    ['fail', 'canceled'],
    ['system_fail', 'canceled'],
    ['refund_process', 'returned'],
    ['refund_paid', 'returned'],
  ] as const;
  for (const [theirs, ours] of statuses) {
    it(`reads ${theirs} as ${ours}`, async () => {
      const { paymentId } = await created();
      await exchange.control(`/invoices/${paymentId}/status`, { status: theirs });
      assert.equal((await read(paymentId)).status, ours);
    });
  }

  for (const status of ['wrong_amount', 'paid_over', 'cancel']) {
    it(`waits on at ${status} while Heleket says that the invoice is not final`, async () => {
      const { paymentId } = await created();
      await exchange.control(`/invoices/${paymentId}/pay`, { percent: 50 });
      const raw = (await exchange.state()).invoices.find(({ uuid }) => uuid === paymentId);
      const invoice = { ...invoiceSchema.parse(raw), payment_status: status, is_final: false };
      assert.partialDeepStrictEqual(toPayment(invoice), { status: 'pending' });
    });
  }

  it('reads coins that an AML check holds, or that came to an invoice that failed, as held', async () => {
    const { paymentId } = await created();
    await exchange.control(`/invoices/${paymentId}/pay`, { isSuspect: true });
    assert.equal((await read(paymentId)).status, 'held');
    await exchange.control(`/invoices/${paymentId}/status`, { status: 'system_fail' });
    assert.equal((await read(paymentId)).status, 'held');
  });

  it('does not guess at a status that it does not know', async () => {
    const { paymentId } = await created();
    await exchange.control(`/invoices/${paymentId}/status`, { status: 'reborn' });
    assert.deepEqual(await exchange.client.read(paymentId), { outcome: 'unknown', reason: 'unknown_status' });
  });

  it('is refused an invoice that is not there', async () => {
    const outcome = await exchange.client.read(randomUUID());
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'not_found');
  });

  it('is forbidden everything before the merchant has passed moderation', async () => {
    await exchange.control('/options', { moderated: false });
    const outcome = await exchange.client.create(randomUUID(), exchange.client.createBody(orderOf(randomUUID())));
    await exchange.control('/options', { moderated: true });
    assert.equal(outcome.outcome === 'refused' && outcome.code, 'forbidden');
  });

  it('is refused with a wrong key', async () => {
    const { status, body } = await exchange.call('/v1/payment/info', '{"uuid":"x"}', 'another key');
    assert.deepEqual([status, body.message], [401, 'Wrong key']);
  });

  const unknown = [
    ['an error of the server', { kind: 'status', status: 500, body: '{"message":"Server error, #1","code":500}' }],
    ['a business error that is theirs', { kind: 'status', status: 400, body: '{"state":1,"message":"Server error"}' }],
    ['an unreadable answer', { kind: 'garbage' }],
    ['a cut connection', { kind: 'drop-after' }],
    ['too many requests', { kind: 'status', status: 429, body: '' }],
    ['a page of something in between', { kind: 'status', status: 404, body: '<html>' }],
  ] as const;
  for (const [what, fault] of unknown) {
    it(`does not know what became of a request after ${what}`, async () => {
      await exchange.faults({ path: '/v1/payment', fault });
      const topupId = randomUUID();
      const outcome = await exchange.client.create(topupId, exchange.client.createBody(orderOf(topupId)));
      assert.equal(outcome.outcome, 'unknown');
    });
  }

  it('returns the whole of a payment to an address, once, under the payout key', async () => {
    const { paymentId, amount } = await created();
    await exchange.control(`/invoices/${paymentId}/pay`);
    const request = { paymentId, amount, address: 'TPayer' };
    const first = await exchange.client.refund('a', request);
    assert.equal(first.outcome === 'done' && first.value.status, 'pending');
    await exchange.control(`/invoices/${paymentId}/status`, { status: 'refund_paid' });
    const again = await exchange.client.refund('a', request);
    assert.equal(again.outcome === 'done' && again.value.status, 'succeeded');
  });

  it('does not ask for a refund without an address, of a part, or of nothing', async () => {
    const { paymentId, amount } = await created();
    const codeOf = async (request: object) => {
      const outcome = await exchange.client.refund('a', { paymentId, amount, ...request });
      return outcome.outcome === 'refused' && outcome.code;
    };
    assert.equal(await codeOf({}), 'address_required');
    assert.equal(await codeOf({ address: 'T' }), 'not_paid');
    await exchange.control(`/invoices/${paymentId}/pay`);
    assert.equal(await codeOf({ address: 'T', amount: money(100n, 'RUB') }), 'only_whole');
  });

  it('reads the coins on offer and the balance, and has a webhook sent again', async () => {
    await exchange.control('/options', { unavailable: ['BTC'], minAmount: '12.50000000' });
    const coins = await exchange.client.coins();
    assert.ok(coins.outcome === 'done');
    assert.deepEqual(
      coins.value.filter(({ network }) => network === 'btc' || network === 'tron'),
      [
        {
          currency: 'USDT',
          network: 'tron',
          isAvailable: true,
          minAmount: '12.50000000',
          maxAmount: '10000000.00000000',
        },
        {
          currency: 'BTC',
          network: 'btc',
          isAvailable: false,
          minAmount: '12.50000000',
          maxAmount: '10000000.00000000',
        },
      ],
    );
    const { paymentId } = await created();
    assert.equal((await exchange.client.resend(paymentId)).outcome, 'refused');
    await exchange.control(`/invoices/${paymentId}/pay`);
    assert.equal((await exchange.client.resend(paymentId)).outcome, 'done');
    const balance = await exchange.client.balance();
    assert.ok(balance.outcome === 'done' && Number(balance.value['USDT']) > 0);
  });
});

describe('the list of Heleket', () => {
  it('of 1,000 invoices that wait is ten requests of a hundred each', async () => {
    const exchange = await openExchange();
    const createdFrom = new Date(Date.now() - 1_000).toISOString();
    for (let batch = 0; batch < 20; batch += 1) {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const id = randomUUID();
          assert.equal((await exchange.client.create(id, exchange.client.createBody(orderOf(id)))).outcome, 'done');
        }),
      );
    }
    const before = exchange.requestCount();
    const found = new Set<string>();
    for (let cursor: string | undefined; ;) {
      const page = await exchange.client.list({ createdFrom, ...(cursor === undefined ? {} : { cursor }) });
      assert.equal(page.outcome, 'done');
      for (const { paymentId } of page.value.payments) found.add(paymentId);
      cursor = page.value.nextCursor;
      if (cursor === undefined) break;
    }
    assert.deepEqual([found.size, exchange.requestCount() - before], [1_000, 10]);
    await exchange.stop();
  });

  it('keeps to the asked times, whatever zone the bounds are read in', async () => {
    const exchange = await openExchange();
    const id = randomUUID();
    await exchange.client.create(id, exchange.client.createBody(orderOf(id)));
    const countOf = async (fromMs: number, toMs: number) => {
      const at = (ms: number) => new Date(Date.now() + ms).toISOString();
      const page = await exchange.client.list({ createdFrom: at(fromMs), createdTo: at(toMs) });
      return page.outcome === 'done' ? page.value.payments.length : page.outcome;
    };
    assert.equal(await countOf(-60_000, 60_000), 1);
    assert.equal(await countOf(-120_000, -60_000), 0);
    assert.equal(await countOf(60_000, 120_000), 0);
    await exchange.stop();
  });
});
