import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Checkout } from '../../db/telegram-payments.ts';
import { createPreCheckout, judgeCheckout, type PreCheckoutQuery } from '../../gateway/pre-checkout.ts';
import { type CheckoutRefusal, checkoutSentence } from '../../gateway/pre-checkout-texts.ts';
import { silent } from '../support/log.ts';

const topupId = randomUUID();
const query: PreCheckoutQuery & { id: string } = {
  id: 'query-1',
  from: { id: 7_100_000_001, language_code: 'ru' },
  currency: 'XTR',
  total_amount: 300,
  invoice_payload: topupId,
};
const checkout: Checkout = {
  status: 'awaiting_payment',
  provider: 'stars',
  priceMinor: 300n,
  priceAsset: 'XTR',
  telegramId: 7_100_000_001n,
  language: 'en',
  isBanned: false,
  isPaid: false,
};

const refusals: readonly [what: string, query: object, checkout: object | null, refusal: CheckoutRefusal][] = [
  ['a top-up that is not there', {}, null, 'unknown'],
  ['a top-up of another person', {}, { telegramId: 7_100_000_002n }, 'unknown'],
  ['a person who is banned', {}, { isBanned: true }, 'unknown'],
  ['one for which a charge is known', {}, { isPaid: true }, 'already_paid'],
  ['one that is credited', {}, { status: 'credited' }, 'already_paid'],
  ['one Star less', { total_amount: 299 }, {}, 'changed'],
  ['one Star more', { total_amount: 301 }, {}, 'changed'],
  ['roubles instead of Stars', { currency: 'RUB' }, {}, 'changed'],
  ['a top-up of another provider', {}, { provider: 'yookassa' }, 'changed'],
  ['one whose time is over', {}, { status: 'expired' }, 'over'],
  ['one that was given up', {}, { status: 'canceled' }, 'over'],
  ['one without an invoice yet', {}, { status: 'creating' }, 'not_ready'],
  ['one that a person has to look at', {}, { status: 'needs_attention' }, 'not_ready'],
];

describe('the answer to a pre-checkout query', () => {
  const answering = (read: () => Promise<Checkout | null>, budgetMs = 5_000) =>
    createPreCheckout({ payments: { checkout: read }, logger: silent, budgetMs });

  it('is yes for the person’s own top-up that waits, for exactly its price', async () => {
    assert.deepEqual(await answering(() => Promise.resolve(checkout)).answer(query), { ok: true });
    const inRoubles: Checkout = { ...checkout, provider: 'telegram-card', priceAsset: 'RUB', priceMinor: 50_000n };
    assert.equal(judgeCheckout({ ...query, currency: 'RUB', total_amount: 50_000 }, inRoubles), undefined);
  });

  for (const [what, asked, found, refusal] of refusals) {
    it(`is no for ${what}`, () => {
      const row = found === null ? null : { ...checkout, ...found };
      assert.equal(judgeCheckout({ ...query, ...asked }, row), refusal);
    });
  }

  it('asks no database about a payload that is no id of ours', async () => {
    const never = () => assert.fail('the database was asked');
    for (const invoice_payload of ['', 'order 7', `${topupId}x`]) {
      assert.equal((await answering(never).answer({ ...query, invoice_payload })).ok, false);
    }
  });

  it('W20: is no, in time and in the person’s language, when the database hangs', async () => {
    const answer = await answering(() => new Promise(() => undefined), 20).answer(query);
    assert.deepEqual(answer, { ok: false, errorMessage: checkoutSentence('unavailable', 'ru') });
  });

  it('W20: is no when the database is gone, and nothing is thrown', async () => {
    const answer = await answering(() => Promise.reject(new Error('connection refused'))).answer(query);
    assert.deepEqual(answer, { ok: false, errorMessage: checkoutSentence('unavailable', 'ru') });
  });

  it('is no for a query that cannot be read', async () => {
    for (const raw of [undefined, null, 'query', {}, { ...query, total_amount: '300' }, { ...query, from: {} }]) {
      assert.equal((await answering(() => Promise.resolve(checkout)).answer(raw)).ok, false);
    }
  });

  it('speaks the language that the person chose here, and says that nothing was charged', async () => {
    const paid = answering(() => Promise.resolve({ ...checkout, isPaid: true }));
    assert.deepEqual(await paid.answer(query), { ok: false, errorMessage: checkoutSentence('already_paid', 'en') });
    const all: CheckoutRefusal[] = ['unknown', 'already_paid', 'changed', 'over', 'not_ready', 'unavailable'];
    for (const refusal of all) {
      assert.match(checkoutSentence(refusal, 'ru-RU'), /ничего не списано/i);
      assert.match(checkoutSentence(refusal, 'de'), /nothing was charged/i);
      for (const language of ['ru', 'en']) assert.ok(checkoutSentence(refusal, language).length <= 200);
    }
  });
});
