import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bobsStars, openStarShop, shopLogin, type StarShop } from '../support/fragment.ts';
import { doneValue } from '../support/ton.ts';

const minuteMs = 60_000;

describe('The simulator of Fragment', () => {
  let shop: StarShop;
  beforeEach(async () => {
    shop = await openStarShop();
  });
  afterEach(() => shop.stop());

  const prepare = async () => doneValue(await shop.client.prepare(bobsStars));
  const orderOf = async (reqId: string) => (await shop.state()).orders.find((order) => order.reqId === reqId);
  const deliveries = async () =>
    doneValue(
      await shop.client.listDeliveries({ kind: 'stars', since: new Date(Date.now() - minuteMs).toISOString() }),
    );

  async function api(
    method: string,
    fields: Record<string, string>,
    cookie?: string,
  ): Promise<Record<string, unknown>> {
    const cookies = (await shop.vault.open())?.cookies ?? {};
    const given =
      cookie ??
      Object.entries(cookies)
        .map(([name, value]) => `${name}=${value}`)
        .join('; ');
    const page = await (await fetch(`${shop.url}/stars/buy`, { headers: { cookie: given } })).text();
    const [, hash = ''] = /api\?hash=(\w+)/.exec(page) ?? [];
    const body = new URLSearchParams({ method, ...fields });
    const answer = await fetch(`${shop.url}/api?hash=${hash}`, { method: 'POST', body, headers: { cookie: given } });
    return (await answer.json()) as Record<string, unknown>;
  }

  it('gives a visitor a session, whose page holds a token and a challenge for a wallet', async () => {
    const answer = await fetch(`${shop.url}/stars/buy`);
    assert.match(answer.headers.get('set-cookie') ?? '', /^stel_ssid=/);
    const page = await answer.text();
    assert.match(page, /ajInit\(\{.*\\\/api\?hash=[\da-f]{18}"/);
    assert.match(page, /Wallet\.init\(\{.*"ton_proof":"/);
  });

  it('answers "Access denied" to a token of yesterday, and "Session expired" without a session', async () => {
    const form = { method: 'POST', body: 'method=searchStarsRecipient&query=bob_the_cat' };
    const { stel_ssid: ssid } = (await shop.vault.open())?.cookies ?? {};
    const old = await fetch(`${shop.url}/api?hash=${'0'.repeat(18)}`, {
      ...form,
      headers: { cookie: `stel_ssid=${ssid}` },
    });
    assert.deepEqual(await old.json(), { error: 'Access denied' });
    const none = await fetch(`${shop.url}/api?hash=${'0'.repeat(18)}`, form);
    assert.deepEqual([none.status, await none.json()], [200, { error: 'Session expired' }]);
  });

  it('writes errors with entities, as the site does', async () => {
    assert.deepEqual(await api('searchStarsRecipient', { query: 'closed_anna' }), {
      error: 'You can&#39;t gift Telegram Stars to this account at this moment.',
    });
  });

  it('opens no request without a log-in, and asks for no payment without a wallet', async () => {
    const { stel_ssid: ssid } = (await shop.vault.open())?.cookies ?? {};
    const found = (await api('searchStarsRecipient', { query: '@bob_the_cat' })) as { found: { recipient: string } };
    const fields = { recipient: found.found.recipient, quantity: '50' };
    const opened = await api('initBuyStarsRequest', fields, `stel_ssid=${ssid}`);
    assert.deepEqual([opened['ok'], opened['req_id']], [true, undefined]);
    const { req_id: id } = await api('initBuyStarsRequest', fields);
    const login = `stel_ssid=${ssid}; stel_token=${shopLogin.stel_token}`;
    const request = { id: String(id), transaction: '1', show_sender: '0' };
    assert.deepEqual(await api('getBuyStarsLink', request, login), { error: 'Unknown error' });
    assert.equal((await api('getBuyStarsLink', request))['ok'], true);
    assert.deepEqual(await api('getBuyStarsLink', request), { error: 'Unknown error' }, 'an id works once');
  });

  it('shows prices with thousands apart and the fraction in an element of its own', async () => {
    const prices = await api('updateStarsPrices', { stars: '', quantity: '1000000' });
    assert.match(String(prices['cur_price']), /3,694<span class="mini-frac">\.00<\/span>.*&#036;/);
  });

  it('links no wallet whose proof was signed by another', async () => {
    const account = JSON.stringify({
      address: shop.wallet.address,
      publicKey: shop.wallet.publicKeyHex,
      walletStateInit: shop.wallet.stateInitBase64,
    });
    const { stel_ssid: ssid } = (await shop.vault.open())?.cookies ?? {};
    const page = await (await fetch(`${shop.url}/stars/buy`, { headers: { cookie: `stel_ssid=${ssid}` } })).text();
    const [, payload = ''] = /"ton_proof":"(\w+)"/.exec(page) ?? [];
    const timestamp = Math.floor(Date.now() / 1_000);
    const prove = (domain: string) =>
      JSON.stringify({
        timestamp,
        payload,
        domain: { lengthBytes: 12, value: 'fragment.com' },
        signature: shop.wallet.signProof({ domain, timestamp, payload }),
      });
    assert.deepEqual(await api('checkTonProofAuth', { account, device: '{}', proof: prove('another.com') }), {
      error: 'Access denied',
    });
    assert.deepEqual(await api('checkTonProofAuth', { account, device: '{}', proof: prove('fragment.com') }), {
      ok: true,
    });
  });

  it('takes a confirmation with any bytes, and gives nothing for it', async () => {
    const { requestId } = await prepare();
    assert.deepEqual(await api('confirmReq', { id: requestId, boc: 'nonsense' }), { ok: true });
    assert.equal((await orderOf(requestId))?.state, 'asked');
    assert.deepEqual(await deliveries(), []);
  });

  it('delivers what is paid twice a second time, so that a payer sees the mistake', async () => {
    const { requestId } = await prepare();
    await shop.pay(requestId, { times: 2 });
    assert.equal((await deliveries()).length, 2);
  });

  it('delivers what is paid too late, unless told otherwise, and never what is paid in part', async () => {
    const [late, later, short] = [await prepare(), await prepare(), await prepare()];
    await shop.control('/clock', { advanceMs: 10 * minuteMs });
    await shop.pay(late.requestId);
    await shop.options({ creditsLate: false });
    await shop.pay(later.requestId);
    await shop.pay(short.requestId, { amountNano: '1' });
    const [one, two, three] = [
      await orderOf(late.requestId),
      await orderOf(later.requestId),
      await orderOf(short.requestId),
    ];
    assert.deepEqual([one?.state, one?.payments[0]?.isLate], ['delivered', true]);
    assert.equal(two?.state, 'lost');
    assert.deepEqual(three?.payments, []);
  });

  it('delivers later, refuses or loses as a person says', async () => {
    await shop.options({ delivery: 'hold' });
    const orders = [await prepare(), await prepare(), await prepare()];
    for (const { requestId } of orders) await shop.pay(requestId);
    assert.deepEqual(await deliveries(), []);
    for (const [at, act] of ['deliver', 'refuse', 'lose'].entries()) {
      await shop.control(`/orders/${orders[at]?.requestId}/${act}`);
    }
    const states = await Promise.all(orders.map(async ({ requestId }) => (await orderOf(requestId))?.state));
    assert.deepEqual(states, ['delivered', 'refused', 'lost']);
    assert.equal((await deliveries()).length, 1);
  });

  it('shows a person the orders with a button for each ending', async () => {
    await shop.options({ delivery: 'hold' });
    const { requestId } = await prepare();
    await shop.pay(requestId);
    const page = await (await fetch(`${shop.url}/`)).text();
    assert.match(page, /50 Stars for @bob_the_cat/);
    for (const act of ['deliver', 'refuse', 'lose']) assert.ok(page.includes(`/_sim/orders/${requestId}/${act}`));
    assert.ok(page.includes('no real money'));
  });

  it('knows sessions, orders and options after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fragment-'));
    const statePath = join(folder, 'fragment.json');
    const first = await openStarShop({ statePath, settings: { deliverAfterMs: 60_000 } });
    const { requestId } = doneValue(await first.client.prepare(bobsStars));
    await first.pay(requestId);
    await first.options({ kycRequired: true });
    await first.stop();
    const second = await openStarShop({ statePath, loggedOut: true });
    const [order] = (await second.state()).orders;
    assert.deepEqual([order?.reqId, order?.state], [requestId, 'waiting']);
    await second.control('/clock', { advanceMs: 60_000 });
    await second.control(`/orders/${requestId}/deliver`).catch(() => undefined);
    assert.equal((await second.state()).orders[0]?.state, 'delivered');
    await second.stop();
    await rm(folder, { recursive: true });
  });
});
