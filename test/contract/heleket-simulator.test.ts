import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWebhook } from '../../providers/heleket/inbound.ts';
import { eventually } from '../support/eventually.ts';
import { type Exchange, merchant, openExchange } from '../support/heleket.ts';
import { openReceiver, type Receiver } from '../support/yookassa.ts';

describe('the simulated Heleket', () => {
  let exchange: Exchange;
  let receiver: Receiver;
  before(async () => {
    receiver = await openReceiver();
    exchange = await openExchange({ retryScale: 0.0005 });
  });
  after(async () => {
    await exchange.stop();
    await receiver.close();
  });
  beforeEach(() => {
    receiver.answerWith(200);
    receiver.received.length = 0;
  });

  async function created(fields: object = {}) {
    const asked = { amount: '500.00', currency: 'RUB', order_id: randomUUID(), url_callback: receiver.url };
    const { status, body } = await exchange.call('/v1/payment', JSON.stringify({ ...asked, ...fields }));
    assert.equal(status, 200, JSON.stringify(body));
    return body.result ?? assert.fail('no invoice');
  }
  const info = async (uuid: string) => (await exchange.call('/v1/payment/info', JSON.stringify({ uuid }))).body.result;
  const page = async (path: string, method = 'GET') => {
    const answer = await fetch(exchange.url + path, { method });
    return { status: answer.status, html: await answer.text() };
  };

  it('answers a new invoice with no coin, no address and no amount in a coin', async () => {
    const invoice = await created();
    assert.deepEqual(
      [invoice.status, invoice.payment_status, invoice.payer_currency, invoice.address, invoice.payer_amount],
      ['check', 'check', null, null, null],
    );
    assert.match(invoice.created_at, /\+03:00$/);
  });

  it('tells what is missing or wrong as the documents do', async () => {
    const missing = await exchange.call('/v1/payment', '{"currency":"RUB","order_id":"a"}');
    assert.deepEqual([missing.status, missing.body], [422, { state: 1, errors: { amount: ['validation.required'] } }]);
    const neither = await exchange.call('/v1/payment/info', '{}');
    assert.deepEqual(neither.body.errors, { uuid: ['validation.required_without'] });
  });

  it('revives an expired invoice with is_refresh, at the old amount', async () => {
    const { uuid, order_id } = await created();
    await exchange.control(`/invoices/${uuid}/expire`);
    const revived = await created({ order_id, amount: '900.00', is_refresh: true });
    assert.deepEqual([revived.uuid, revived.status, revived.amount], [uuid, 'check', '500.00']);
  });

  it('signs its webhooks, slashes included, and sends them again until any 2xx', async () => {
    receiver.answerWith(500);
    const { uuid } = await created({ additional_data: 'a/b "Ж" https://x.y/z' });
    await exchange.control(`/invoices/${uuid}/pay`);
    await eventually(() => Promise.resolve(receiver.received.length >= 2));
    receiver.answerWith(204);
    const received = async () => (await exchange.state()).notifications.find((sent) => sent.uuid === uuid)?.state;
    await eventually(async () => (await received()) === 'received');
    const { body = '' } = receiver.received[0] ?? {};
    assert.match(body, /https:\\\/\\\/x\.y\\\/z/);
    assert.equal(readWebhook(body, [merchant.paymentKey]).kind, 'payment');
    assert.equal(readWebhook(body, ['another key']).kind, 'forged');
  });

  it('tells nobody of what Heleket tells nobody: an underpayment that may be topped up, and a lock', async () => {
    const { uuid } = await created();
    await exchange.control(`/invoices/${uuid}/pay`, { percent: 10 });
    await exchange.control(`/invoices/${uuid}/pay`, { isSuspect: true });
    assert.equal((await info(uuid))?.status, 'locked');
    assert.deepEqual(
      (await exchange.state()).notifications.filter((sent) => sent.uuid === uuid),
      [],
    );
  });

  it('sends a webhook again on demand ten times and no more', async () => {
    const { uuid } = await created();
    await exchange.control(`/invoices/${uuid}/pay`, { notify: false });
    const resend = () => exchange.call('/v1/payment/resend', JSON.stringify({ uuid }));
    for (let time = 0; time < 10; time += 1) assert.equal((await resend()).body.state, 0);
    assert.equal((await resend()).body.message, 'Too much resend');
  });

  it('keeps invoices, rates and webhooks that are due over a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heleket-'));
    const statePath = join(folder, 'heleket.json');
    const first = await openExchange({ statePath });
    const body = JSON.stringify({ amount: '500.00', currency: 'RUB', order_id: 'kept', url_callback: receiver.url });
    const made = (await first.call('/v1/payment', body)).body.result;
    await first.control(`/invoices/${made?.uuid}/pay`, { delayMs: 60_000 });
    await first.stop();
    const second = await openExchange({ statePath });
    const again = (await second.call('/v1/payment', body)).body.result;
    assert.deepEqual([again?.uuid, again?.status, again?.payer_amount], [made?.uuid, 'paid', '6.25000000']);
    await second.control('/clock', { advanceMs: 60_000 });
    await eventually(() => Promise.resolve(receiver.received.length === 1));
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  describe('its page', () => {
    it('offers coins at the rate of the house, and then one amount, one address and one network', async () => {
      const { uuid } = await created({ additional_data: '100 credits <b>' });
      const { html } = await page(`/pay/${uuid}`);
      assert.match(html, /Simulator of Heleket: no real money/);
      assert.match(html, /100 credits &lt;b&gt;/);
      assert.match(html, /USDT · TRON<small>6\.25<\/small>/);
      const { html: chosen } = await page(`/pay/${uuid}/coin?currency=TON&network=ton`, 'POST');
      assert.match(chosen, /Send 1\.953125 TON/);
      assert.equal((await info(uuid))?.network, 'ton');
    });

    const endings = [
      ['exact', 'paid', /Paid/],
      ['little', 'wrong_amount_waiting', /Please send the rest/],
      ['much', 'paid_over', /more than was asked/],
      ['suspect', 'locked', /Held for a check/],
      ['expire', 'cancel', /The time for paying has run out/],
    ] as const;
    for (const [act, status, words] of endings) {
      it(`ends with ${status} when that is chosen`, async () => {
        const { uuid } = await created();
        await page(`/pay/${uuid}/coin?currency=USDT&network=tron`, 'POST');
        assert.match((await page(`/pay/${uuid}/${act}`, 'POST')).html, words);
        assert.equal((await info(uuid))?.status, status);
      });
    }

    it('lets a payer be late, and an AML check let go', async () => {
      const [late, held] = [await created(), await created()];
      await page(`/pay/${late.uuid}/expire`, 'POST');
      await page(`/pay/${late.uuid}/late`, 'POST');
      assert.equal((await info(late.uuid))?.status, 'paid');
      await page(`/pay/${held.uuid}/suspect`, 'POST');
      await page(`/pay/${held.uuid}/release`, 'POST');
      assert.equal((await info(held.uuid))?.status, 'paid');
    });

    it('takes a second tap for what the first one did', async () => {
      const { uuid } = await created();
      await page(`/pay/${uuid}/exact`, 'POST');
      await page(`/pay/${uuid}/exact`, 'POST');
      assert.equal((await info(uuid))?.payment_amount, '6.25000000');
    });

    it('of a link that leads nowhere says so', async () => {
      const { status, html } = await page(`/pay/${randomUUID()}`);
      assert.deepEqual([status, /No such payment/.test(html)], [404, true]);
    });
  });
});
