import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { money } from '../../core/money.ts';
import type { KnownCharge, TelegramCharge } from '../../core/telegram-charge.ts';
import { Secret } from '../../platform/secret.ts';
import { createHttp, type Http } from '../../providers/http.ts';
import type { Payment, PaymentProvider } from '../../providers/ports.ts';
import type { ChargeBook } from '../../providers/telegram/charge-book.ts';
import { createTelegramClient } from '../../providers/telegram/client.ts';
import { createStars } from '../../providers/telegram/stars.ts';
import { eventually } from '../support/eventually.ts';
import { silent } from '../support/log.ts';
import { annaId, botToken, openTelegram, type Telegram } from '../support/telegram.ts';

/** A book of charges in memory, which remembers what it was told. */
function openBook() {
  const charges = new Map<string, KnownCharge>();
  const book: ChargeBook = {
    ofPayload: (_provider, payload) =>
      Promise.resolve([...charges.values()].find((charge) => charge.payload === payload) ?? null),
    get: (chargeId) => Promise.resolve(charges.get(chargeId) ?? null),
    unknownOf: (ids) => Promise.resolve(new Set(ids.filter((id) => !charges.has(id)))),
    unreturnedOf: (ids) => Promise.resolve(new Set(ids.filter((id) => charges.get(id)?.isReturned === false))),
    recordFound: (charge: TelegramCharge) =>
      Promise.resolve(charges.set(charge.chargeId, { ...charge, isReturned: false })),
    recordReturned: (id) => {
      const charge = charges.get(id);
      if (charge) charges.set(id, { ...charge, isReturned: true });
      return Promise.resolve();
    },
  };
  return { book, charges };
}

describe('Stars as a payment provider', () => {
  let telegram: Telegram;
  let http: Http;
  let stars: PaymentProvider;
  let open: ReturnType<typeof openBook>;
  beforeEach(async () => {
    telegram = await openTelegram();
    await telegram.as(annaId).start();
    http = createHttp({ provider: 'telegram', logger: silent });
    open = openBook();
    const client = createTelegramClient({ apiUrl: telegram.url, botToken: new Secret(botToken), http });
    stars = createStars({ client, book: open.book, botId: '1' });
  });
  afterEach(async () => {
    http.close();
    await telegram.stop();
  });

  async function invoice(topupId: string, description = '100 credits'): Promise<Payment> {
    const price = money(3n, 'XTR');
    const body = stars.createBody({ key: topupId, topupId, price, description, returnUrl: 'https://example.org/' });
    const created = await stars.create(topupId, body);
    assert.ok(created.outcome === 'done', created.outcome);
    return created.value;
  }

  /** Pays and says yes for the bot; no update of it is read. */
  async function pay(link: string): Promise<string> {
    const seen = new Set((await queries()).map(({ id }) => id));
    const paying = telegram.as(annaId).pay({ invoiceLink: link });
    let asked: { id: string } | undefined;
    await eventually(async () => (asked = (await queries()).find(({ id }) => !seen.has(id))) !== undefined);
    await telegram.result('answerPreCheckoutQuery', { pre_checkout_query_id: asked?.id, ok: true });
    return (await paying).chargeId ?? assert.fail('not paid');
  }
  const queries = async () =>
    (await telegram.sim<{ updates: { pre_checkout_query?: { id: string } }[] }>('/state')).updates.flatMap(
      ({ pre_checkout_query: query }) => query ?? [],
    );

  it('makes a link under our id, the same for every repeat but for its address, and knows of no payment yet', async () => {
    const topupId = randomUUID();
    const first = await invoice(topupId, 'x'.repeat(400));
    assert.partialDeepStrictEqual(first, { paymentId: topupId, topupId, status: 'pending' });
    assert.match(first.payUrl ?? '', /^https:\/\/t\.me\/\$/);
    assert.notEqual((await invoice(topupId)).payUrl, first.payUrl);
    const read = await stars.read(topupId);
    assert.ok(read.outcome === 'done');
    assert.equal(read.value.status, 'pending');
  });

  it('finds a payment that no update told of, and enters it in the book with who paid', async () => {
    const topupId = randomUUID();
    const chargeId = await pay((await invoice(topupId)).payUrl ?? '');
    assert.ok(chargeId.length > 128, 'as long as in real life');
    const read = await stars.read(topupId);
    assert.ok(read.outcome === 'done');
    const paid = { status: 'succeeded', topupId, amount: money(3n, 'XTR'), income: money(3n, 'XTR') };
    assert.partialDeepStrictEqual(read.value, paid);
    assert.partialDeepStrictEqual(open.charges.get(chargeId), { payload: topupId, telegramId: annaId });
  });

  it('lists what was paid since a moment, and learns of what went back', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const firstCharge = await pay((await invoice(first)).payUrl ?? '');
    await pay((await invoice(second)).payUrl ?? '');
    await telegram.result('refundStarPayment', { user_id: annaId, telegram_payment_charge_id: firstCharge });
    const listed = await stars.list({ createdFrom: new Date(Date.now() - 60_000).toISOString(), status: 'succeeded' });
    assert.ok(listed.outcome === 'done');
    assert.deepEqual(
      listed.value.payments.map(({ topupId }) => topupId),
      [first, second],
    );
    assert.equal(open.charges.get(firstCharge)?.isReturned, true);
    const returned = await stars.read(first);
    assert.equal(returned.outcome === 'done' && returned.value.status, 'canceled');
    const later = await stars.list({ createdFrom: new Date(Date.now() + 60_000).toISOString() });
    assert.deepEqual(later, { outcome: 'done', value: { payments: [] } });
    assert.deepEqual(await stars.list({ createdFrom: '2020-01-01T00:00:00Z', status: 'canceled' }), later);
  });

  it('returns a charge whole, says of a second time that it is done, and knows no other', async () => {
    const topupId = randomUUID();
    const chargeId = await pay((await invoice(topupId)).payUrl ?? '');
    await stars.read(topupId);
    const request = { paymentId: chargeId, amount: money(3n, 'XTR') };
    const done = { outcome: 'done', value: { status: 'succeeded', paymentId: chargeId, amount: money(3n, 'XTR') } };
    assert.partialDeepStrictEqual(await stars.refund('key', request), done);
    assert.partialDeepStrictEqual(await stars.refund('key', request), done);
    const unknown = await stars.refund('key', { ...request, paymentId: 'stxNobody' });
    assert.partialDeepStrictEqual(unknown, { outcome: 'refused', code: 'not_found' });
  });

  it('hands on that Telegram refuses an invoice', async () => {
    const price = money(200_000n, 'XTR');
    const body = stars.createBody({
      key: randomUUID(),
      topupId: randomUUID(),
      price,
      description: 'Dear',
      returnUrl: '',
    });
    assert.partialDeepStrictEqual(await stars.create('key', body), { outcome: 'refused', code: 'bad_request' });
  });
});
