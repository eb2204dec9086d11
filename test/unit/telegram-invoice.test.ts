import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import { toPayment } from '../../providers/telegram/charge-payment.ts';
import { toInvoice } from '../../providers/telegram/invoice.ts';

const topupId = randomUUID();
const order = {
  key: topupId,
  topupId,
  price: money(300n, 'XTR'),
  description: '100 credits',
  returnUrl: 'https://example.org/',
};
const charge = {
  chargeId: 'stx1',
  payload: topupId,
  telegramId: 7_100_000_001,
  currency: 'XTR',
  amountMinor: 300n,
  paidAt: '2026-11-21T12:00:00.000Z',
  isReturned: false,
};

describe('an invoice of Telegram', () => {
  it('has exactly one price, our id as its payload, and nothing that Stars do not take', () => {
    assert.deepEqual(toInvoice(order), {
      title: '100 credits',
      description: '100 credits',
      payload: topupId,
      currency: 'XTR',
      prices: [{ label: '100 credits', amount: 300 }],
    });
  });

  it('is in kopecks for roubles', () => {
    const { currency, prices } = toInvoice({ ...order, price: money(50_000n, 'RUB') });
    assert.deepEqual({ currency, prices }, { currency: 'RUB', prices: [{ label: '100 credits', amount: 50_000 }] });
  });

  it('keeps to the lengths that Telegram takes, and cuts no character in two', () => {
    const { title, description } = toInvoice({ ...order, description: `${'x'.repeat(31)}🦊${'y'.repeat(400)}` });
    assert.equal(title, 'x'.repeat(31));
    assert.equal(description.length, 255);
    assert.ok(description.isWellFormed());
  });

  it('refuses an amount that a number cannot hold', () => {
    assert.throws(() => toInvoice({ ...order, price: money(2n ** 60n, 'XTR') }), RangeError);
  });
});

describe('a charge of Telegram', () => {
  it('is a payment of its top-up, all of it ours when it is in Stars', () => {
    const paid = toPayment(charge, { isWhole: true });
    assert.ok(paid.outcome === 'done');
    const amount = money(300n, 'XTR');
    assert.partialDeepStrictEqual(paid.value, {
      paymentId: topupId,
      topupId,
      status: 'succeeded',
      amount,
      income: amount,
    });
    const card = toPayment({ ...charge, currency: 'RUB' }, { isWhole: false });
    assert.ok(card.outcome === 'done' && !('income' in card.value));
  });

  it('is no payment any more when it has gone back', () => {
    const paid = toPayment({ ...charge, isReturned: true }, { isWhole: true });
    assert.ok(paid.outcome === 'done');
    assert.partialDeepStrictEqual(paid.value, { status: 'canceled', cancelReason: 'refunded' });
  });

  it('in a currency that we do not know is refused for good', () => {
    const paid = toPayment({ ...charge, currency: 'UAH' }, { isWhole: false });
    assert.partialDeepStrictEqual(paid, { outcome: 'refused', code: 'unknown_currency' });
  });
});
