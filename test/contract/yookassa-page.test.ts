import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { shownAmount } from '../../providers/yookassa/simulator/page.ts';
import { type Shop, openShop } from '../support/yookassa.ts';

describe('The payer’s page of the simulated YooKassa', () => {
  let yookassa: Shop;
  before(async () => {
    yookassa = await openShop();
  });
  after(() => yookassa.stop());

  async function open(fields: object = {}) {
    const made = await yookassa.call('POST', '/payments', {
      key: randomUUID(),
      body: {
        amount: { value: '500.00', currency: 'RUB' },
        capture: true,
        confirmation: { type: 'redirect', return_url: 'https://shop.example/back?topup=1&x="2"' },
        ...fields,
      },
    });
    const { id = '', confirmation } = made.body;
    const url = confirmation && 'confirmation_url' in confirmation ? (confirmation.confirmation_url ?? '') : '';
    return { id, url, html: await (await fetch(url)).text() };
  }
  const press = (url: string, ending: string) =>
    fetch(url.replace('/contract?', `/contract/${ending}?`), { method: 'POST' });
  const statusOf = async (id: string) => (await yookassa.call('GET', `/payments/${id}`)).body;

  it('says that no money is real, how much it is, and what for', async () => {
    const { html } = await open({ description: '100 credits <b>' });
    assert.match(html, /Simulator of YooKassa: no real money/);
    assert.match(html, /Pay 500\.00 ₽/);
    assert.match(html, /100 credits &lt;b&gt;/);
    assert.match(html, /The link works for 60 more minutes/);
  });

  it('takes the money and leads back to the shop', async () => {
    const { id, url } = await open();
    const answer = await press(url, 'succeed');
    const html = await answer.text();
    assert.equal(answer.status, 200);
    assert.match(html, /Paid/);
    assert.match(
      html,
      /http-equiv="refresh" content="2;url=https:\/\/shop\.example\/back\?topup=1&amp;x=&quot;2&quot;"/,
    );
    assert.equal((await statusOf(id)).status, 'succeeded');
  });

  for (const [ending, reason, words] of [
    ['poor', 'insufficient_funds', /There was not enough money/],
    ['refuse', 'general_decline', /The bank refused/],
    ['expire', 'expired_on_confirmation', /The time for paying has run out/],
  ] as const) {
    it(`ends with ${reason} when that is chosen`, async () => {
      const { id, url } = await open();
      assert.match(await (await press(url, ending)).text(), words);
      const { status, cancellation_details } = await statusOf(id);
      assert.deepEqual([status, cancellation_details?.reason], ['canceled', reason]);
    });
  }

  it('lets the payer go without paying, and the payment stays open', async () => {
    const { id, html } = await open();
    assert.match(html, /<a class="later" href="https:\/\/shop\.example\/back/);
    assert.equal((await statusOf(id)).status, 'pending');
  });

  it('takes a second tap, or a change of mind, for nothing', async () => {
    const { id, url } = await open();
    await press(url, 'succeed');
    assert.match(await (await press(url, 'refuse')).text(), /Paid/);
    assert.equal((await statusOf(id)).status, 'succeeded');
  });

  it('runs no script, loads nothing, and cannot be framed', async () => {
    const { url } = await open();
    const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
  });

  it('leads nowhere that is no web address', async () => {
    const answer = await yookassa.call('POST', '/payments', {
      key: randomUUID(),
      body: {
        amount: { value: '1.00', currency: 'RUB' },
        confirmation: { type: 'redirect', return_url: 'javascript:alert(1)' },
      },
    });
    assert.equal(answer.status, 400);
  });

  it('says so when there is no such payment', async () => {
    const answer = await fetch(`${yookassa.url}/checkout/payments/v2/contract?orderId=${randomUUID()}`);
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /No such payment/);
  });

  it('writes large amounts in groups of three', () => {
    const shown = shownAmount({ amount: { value: '9999999.99', currency: 'RUB' } });
    assert.equal(shown.replaceAll('\u00a0', '_'), '9_999_999.99 ₽');
  });
});
